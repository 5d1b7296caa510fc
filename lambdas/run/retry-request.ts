import { MAX_RETRY_SECONDS } from "../core/limits.ts";
import type { RetryRequest } from "../core/retry.ts";
import { read } from "./error-result.ts";

const MAX_RETRY_MS = MAX_RETRY_SECONDS * 1000;

/**
 * Reads what a thrown value asks of the next attempt: `retryable: false` for none, `retryAfter`, a Date or seconds, for
 * its time. Any other value of them asks for nothing. Never throws, whatever was thrown.
 */
export function retryRequest(thrown: unknown, nowMs: number): RetryRequest | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  if (read(thrown, "retryable") === false) return "never";
  const afterMs = afterMsOf(read(thrown, "retryAfter"), nowMs);
  return Number.isNaN(afterMs) ? undefined : { afterMs: Math.round(Math.min(MAX_RETRY_MS, Math.max(0, afterMs))) };
}

// A Date of another realm is none by `instanceof`, and what only looks like one may throw.
function afterMsOf(value: unknown, nowMs: number): number {
  if (typeof value === "number") return value * 1000;
  try {
    return Date.prototype.getTime.call(value) - nowMs;
  } catch {
    return Number.NaN;
  }
}
