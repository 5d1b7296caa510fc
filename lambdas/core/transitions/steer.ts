import { type Execution, startLimits } from "../execution.ts";
import type { ExecutionEvent, Refusal, Transition } from "./event.ts";
import { recheckAtMs } from "./recheck.ts";
import { to, withoutWait } from "./to.ts";

/** Gives an execution that waits another due time, and a new revision. */
export function reschedule(
  execution: Execution,
  { scheduledAtMs, tokenSeed = execution.tokenSeed, job, by }: ExecutionEvent & { type: "reschedule" },
  nowMs: number,
): Transition | Refusal {
  if (execution.state !== "created") return { refused: "wrong_state", state: execution.state };
  const moved = {
    ...(job !== undefined && { job }),
    tokenSeed,
    scheduledAtMs,
    rescheduledAtMs: nowMs,
    revision: execution.revision + 1,
    dispatches: 0,
    misses: 0,
    waits: 0,
    recheckAtMs: recheckAtMs(scheduledAtMs, nowMs),
    ...(execution.startTimeoutMs !== undefined && startLimits(scheduledAtMs, execution.startTimeoutMs, nowMs)),
  };
  const { undispatched: _, wasPutAside: __, parkedIn: ___, notBeforeMs: ____, launch: _____, ...waiting } = execution;
  return to(execution, { ...waiting, ...moved }, nowMs, { by });
}

/**
 * Moves an execution that waits for further calls, never beyond the latest due time of any of its calls. What has begun
 * once is another matter.
 */
export function debounce(
  execution: Execution,
  event: ExecutionEvent & { type: "debounce" },
  nowMs: number,
): Transition | Refusal {
  if (execution.state !== "created" || execution.attempt > 1) {
    return { refused: "wrong_state", state: execution.state };
  }
  const { debounced, metadata, startTimeoutMs, tokenSeed, by } = event;
  const untilMs = Math.min(execution.debounced?.untilMs ?? Infinity, debounced.untilMs ?? Infinity);
  const scheduledAtMs = Math.min(event.scheduledAtMs, untilMs);
  const { discardAfterMs: _, startTimeoutMs: __, ...unlimited } = execution;
  const ownLimits = startTimeoutMs === undefined ? {} : startLimits(scheduledAtMs, startTimeoutMs, nowMs);
  const limits = event.discardAfterMs === undefined ? ownLimits : { discardAfterMs: event.discardAfterMs };
  const moved = reschedule(unlimited, { type: "reschedule", scheduledAtMs, tokenSeed }, nowMs);
  if (!("to" in moved)) return moved;
  const { changes: ___, ...target } = moved.to;
  const replaced = {
    ...target,
    ...(execution.changes && { changes: execution.changes }),
    arguments: event.arguments,
    metadata,
    debounced: { version: debounced.version, ...(untilMs !== Infinity && { untilMs }) },
    ...limits,
  };
  return { ...to(execution, replaced, nowMs, { by }), keepsLonger: true };
}

/** Cancels what waits; what runs is aborted, if that is wanted by force. */
export function cancel(
  execution: Execution,
  { force, job = execution.job, by }: ExecutionEvent & { type: "cancel" },
  nowMs: number,
): Transition | Refusal {
  const changed = { ...execution, ...(job !== undefined && { job }) };
  if (changed.state === "created") {
    return to(execution, { ...withoutWait(changed), state: "cancelled", finishedAtMs: nowMs }, nowMs, { by });
  }
  if (changed.state === "started" && force) return to(execution, { ...changed, state: "aborting" }, nowMs, { by });
  return { refused: "wrong_state", state: execution.state };
}
