import { MAX_DELAY_SECONDS } from "./limits.ts";

/** Where the message of an execution goes next: into a queue that holds it back, or to the timer that fires at `atMs`. */
export type DispatchPlan = { to: "function" | "fire"; delaySeconds: number } | { to: "timer"; atMs: number };

/**
 * So long before it is due a message leaves the timer: EventBridge Scheduler fires within the minute after the time it
 * was set to, and the queues carry the rest to the second.
 */
const TIMER_LEAD_MS = 120_000;

/**
 * How a message gets to run at `dueAtMs`.
 *
 * Whole seconds are rounded down: SQS counts seconds only, and the runner waits for the rest, so that an execution
 * starts neither early nor up to a second late. A FIFO queue takes no delay per message (SQS SendMessage), so what is
 * not due yet goes there by way of the fire queue.
 */
export function dispatchPlan(dueAtMs: number, fifo: boolean, nowMs: number): DispatchPlan {
  const wholeSeconds = Math.floor(Math.max(0, dueAtMs - nowMs) / 1000);
  if (wholeSeconds > MAX_DELAY_SECONDS) return { to: "timer", atMs: dueAtMs - TIMER_LEAD_MS };
  return { to: fifo && wholeSeconds > 0 ? "fire" : "function", delaySeconds: wholeSeconds };
}

/** Whether an execution that was sent on its way at `sentAtMs` may still be with the timer. */
export function mayBeWithTimer(dueAtMs: number, sentAtMs: number, nowMs: number): boolean {
  return dispatchPlan(dueAtMs, false, sentAtMs).to === "timer" && nowMs < dueAtMs;
}
