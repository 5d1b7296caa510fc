/** How a function's failed attempts are retried. */
export interface RetryPolicy {
  /** The number of retries: attempts after the first one. */
  maxAttempts: number;
  /** The wait before the first retry, before it is randomised. */
  initialIntervalSeconds: number;
  /** Each wait is this many times the one before, up to `maxIntervalSeconds`. */
  multiplier: number;
  maxIntervalSeconds: number;
  /** 0.5 makes a wait of 10 s one of 5 to 15 s, so that what failed together does not come back together. */
  randomizationFactor: number;
}

/**
 * Request of a failed function about its next attempt: none at all, or one after this time instead of the policy's
 * wait.
 */
export type RetryRequest = "never" | { afterMs: number };

/**
 * How long to wait after attempt number `attempt` (from 1) has failed; `undefined` when no retry is left.
 * @param random uniform in [0, 1)
 */
export function retryAfterMs(
  policy: RetryPolicy,
  attempt: number,
  random: number,
  request?: RetryRequest,
): number | undefined {
  if (attempt > policy.maxAttempts || request === "never") return undefined;
  if (request !== undefined) return request.afterMs;
  const { initialIntervalSeconds, multiplier, maxIntervalSeconds, randomizationFactor } = policy;
  // Nothing, many times over, is nothing: 0 * Infinity would be no number.
  const grown = initialIntervalSeconds === 0 ? 0 : initialIntervalSeconds * multiplier ** (attempt - 1);
  const seconds = Math.min(maxIntervalSeconds, grown);
  return Math.round(1000 * seconds * (1 + randomizationFactor * (2 * random - 1)));
}
