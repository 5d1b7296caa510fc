import { MAX_DELAY_SECONDS } from "./limits.ts";

/** Where the message of an execution goes next, and how long SQS holds it back. */
export interface DispatchPlan {
  to: "function" | "fire";
  delaySeconds: number;
}

/**
 * How a message gets to run at `dueAtMs`, at most {@link MAX_DELAY_SECONDS} ahead.
 *
 * Whole seconds are rounded down: SQS counts seconds only, and the runner waits for the rest, so that an execution
 * starts neither early nor up to a second late. A FIFO queue takes no delay per message (SQS SendMessage), so what is
 * not due yet goes there by way of the fire queue.
 */
export function dispatchPlan(dueAtMs: number, fifo: boolean, nowMs: number): DispatchPlan {
  const wholeSeconds = Math.floor(Math.max(0, dueAtMs - nowMs) / 1000);
  const delaySeconds = Math.min(wholeSeconds, MAX_DELAY_SECONDS);
  if (fifo && delaySeconds > 0) return { to: "fire", delaySeconds };
  return { to: "function", delaySeconds };
}
