/** The defaults of `@defer/client` for a function that sets no policy. Source: its `defaultRetryPolicy`. */
const DEFAULTS = {
  maxAttempts: 0,
  initialInterval: 30,
  randomizationFactor: 0.5,
  multiplier: 1.5,
  maxInterval: 600,
};

/**
 * The retry policy in a function's metadata as clients since 1.3 write it. Before that it is a number, and cron
 * functions have none before 1.9.
 */
export function retryPolicyOf(retry: unknown): unknown {
  if (retry === undefined || retry === null) return DEFAULTS;
  return typeof retry === "number" ? { ...DEFAULTS, maxAttempts: retry } : retry;
}
