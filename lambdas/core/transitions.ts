import type { Execution } from "./execution.ts";
import type { FollowUps } from "./follow-ups.ts";
import type { ExecutionEvent, Refusal, Transition } from "./transitions/event.ts";
import { markUndispatched, unstick, waitForFollowUp } from "./transitions/recheck.ts";
import { finish, renew } from "./transitions/run.ts";
import { park, reserve, start, taskStopped } from "./transitions/start.ts";
import { cancel, debounce, reschedule } from "./transitions/steer.ts";

/**
 * The rules of an execution's life: what becomes of `execution` when `event` happens at `nowMs`. An end that has one of
 * `followUps` waits for it. Pure; the table of all (state, event) pairs is its test.
 */
export function next(
  execution: Execution,
  event: ExecutionEvent,
  nowMs: number,
  followUps: FollowUps = {},
): Transition | Refusal {
  if ("job" in event && event.job !== undefined && event.job === execution.job) return { refused: "repeated" };
  switch (event.type) {
    case "start":
    case "launch":
    case "reject":
      return start(execution, event, nowMs, followUps);
    case "task_stopped":
      return taskStopped(execution, event, nowMs, followUps);
    case "park":
      return park(execution, event, nowMs);
    case "reserve":
      return reserve(execution, event, nowMs);
    case "renew":
      return renew(execution, event, nowMs);
    case "finish":
      return finish(execution, event, nowMs, followUps);
    case "reschedule":
      return reschedule(execution, event, nowMs);
    case "debounce":
      return debounce(execution, event, nowMs);
    case "cancel":
      return cancel(execution, event, nowMs);
    case "undispatched":
      return markUndispatched(execution, event, nowMs);
    case "send_again":
    case "wait":
    case "miss":
    case "give_up":
      return unstick(execution, event, nowMs, followUps);
    case "announce_again":
    case "followed":
      return waitForFollowUp(execution, event.type, nowMs);
  }
}
