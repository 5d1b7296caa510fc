import { MAX_DELAY_SECONDS } from "./limits.ts";

/**
 * Next place of the message of an execution: a queue that holds it back, or the timer that fires at `atMs`.
 */
export type DispatchPlan = { to: "function" | "fire"; delaySeconds: number } | { to: "timer"; atMs: number };

/**
 * How long before its due time a message leaves the timer: EventBridge Scheduler fires within the minute after the time
 * it was set to, and the queues carry the rest to the second.
 */
const TIMER_LEAD_MS = 120_000;

/**
 * How a message gets to run at `scheduledAtMs`.
 *
 * SQS counts seconds only. To the nearest one: an execution starts up to half a second late, or its runner waits for up
 * to half a second, which is paid for. Rounded down it would never be late, and waiting would cost four times as much.
 * A FIFO queue takes no delay per message (SQS SendMessage), so what is not due yet goes there by way of the fire
 * queue.
 */
export function dispatchPlan(scheduledAtMs: number, fifo: boolean, nowMs: number): DispatchPlan {
  const delaySeconds = Math.round(Math.max(0, scheduledAtMs - nowMs) / 1000);
  if (delaySeconds > MAX_DELAY_SECONDS) return { to: "timer", atMs: scheduledAtMs - TIMER_LEAD_MS };
  return { to: fifo && delaySeconds > 0 ? "fire" : "function", delaySeconds };
}

/** Whether an execution that was sent on its way at `sentAtMs` may still be with the timer. */
export function mayBeWithTimer(scheduledAtMs: number, sentAtMs: number, nowMs: number): boolean {
  return dispatchPlan(scheduledAtMs, false, sentAtMs).to === "timer" && nowMs < scheduledAtMs;
}
