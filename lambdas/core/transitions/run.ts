import { type AttemptOutcome, type Created, type Execution, isRunning, type Running } from "../execution.ts";
import type { FollowUps } from "../follow-ups.ts";
import { LAST_MOMENT_MS } from "../limits.ts";
import type { ExecutionEvent, Refusal, Transition } from "./event.ts";
import { recheckAtMs } from "./recheck.ts";
import { followed, to } from "./to.ts";

/**
 * Extends the lease. A worker that comes too late to renew its lease has lost the execution: someone may be about to
 * end it.
 */
export function renew(
  execution: Execution,
  event: ExecutionEvent & { type: "renew" },
  nowMs: number,
): Transition | Refusal {
  if (execution.state !== "started" || execution.attempt !== event.attempt) return { refused: "stale" };
  if (nowMs >= execution.leaseUntilMs) return { refused: "stale" };
  return to(execution, { ...execution, leaseUntilMs: nowMs + event.leaseMs }, nowMs);
}

/** The rules of an attempt that has ended: it is retried, or the execution ends as it did. */
export function finish(
  execution: Execution,
  event: ExecutionEvent & { type: "finish" },
  nowMs: number,
  followUps: FollowUps,
): Transition | Refusal {
  if (!isRunning(execution) || execution.attempt !== event.attempt) return { refused: "stale" };
  const { leaseUntilMs: _, slot: __, task: ___, errorFingerprint: ____, logStream: _____, ...ended } = execution;
  // The caller was told that the abort is under way: it holds, even if the function was quicker.
  const end: AttemptOutcome = execution.state === "aborting" ? { state: "aborted" } : event.end;
  const retryAtMs = end.state === "failed" ? retryAt(execution, event.retryAfterMs, nowMs) : undefined;
  if (end.state === "failed" && retryAtMs !== undefined) {
    return to(execution, waitForRetry(execution, end, retryAtMs, nowMs), nowMs, { errorCode: end.errorCode });
  }
  const completed = { ...ended, ...end, finishedAtMs: nowMs, ...(event.output && { output: event.output }) };
  return to(execution, followed(completed, nowMs, followUps), nowMs);
}

// A retry that could not start in time, or in a year that no date can say, is not made.
function retryAt(execution: Running, retryAfterMs: number | undefined, nowMs: number): number | undefined {
  if (retryAfterMs === undefined) return undefined;
  const retryAtMs = nowMs + retryAfterMs;
  const { startTimeoutMs, discardAfterMs = LAST_MOMENT_MS } = execution;
  const lastMs = startTimeoutMs === undefined ? discardAfterMs : LAST_MOMENT_MS;
  return retryAtMs > lastMs ? undefined : retryAtMs;
}

function waitForRetry(
  execution: Running,
  { errorFingerprint }: AttemptOutcome & { state: "failed" },
  scheduledAtMs: number,
  nowMs: number,
): Created {
  const { leaseUntilMs: _, startedAtMs: __, rescheduledAtMs: ___, slot: ____, task: _____, ...running } = execution;
  const { startTimeoutMs, discardAfterMs, errorFingerprint: ______, logStream: _______, ...waiting } = running;
  return {
    ...waiting,
    ...(discardAfterMs !== undefined && startTimeoutMs === undefined && { discardAfterMs }),
    ...(errorFingerprint !== undefined && { errorFingerprint }),
    state: "created",
    attempt: execution.attempt + 1,
    attemptCreatedAtMs: nowMs,
    revision: execution.revision + 1,
    dispatches: 0,
    misses: 0,
    waits: 0,
    scheduledAtMs,
    recheckAtMs: recheckAtMs(scheduledAtMs, nowMs),
  };
}
