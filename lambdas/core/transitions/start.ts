import { type Created, type Execution, startableAtMs } from "../execution.ts";
import type { FollowUps } from "../follow-ups.ts";
import { MAX_DELAY_SECONDS } from "../limits.ts";
import type { ExecutionEvent, Refusal, Transition } from "./event.ts";
import { recheckAtMs, WAITS_MS } from "./recheck.ts";
import { discard, followed, isPastDiscard, to, withoutWait } from "./to.ts";

const FIRST_LAUNCH_WAIT_SECONDS = 30;

/** After this many tasks that stopped by a fault before they claimed their execution, over forty minutes, it fails. */
const MAX_LAUNCH_FAILURES = 8;

/**
 * The rules of a message that arrived for an execution: it starts, is launched, is rejected, or comes too early or too
 * late.
 */
export function start(
  execution: Execution,
  event: ExecutionEvent & { type: "start" | "launch" | "reject" },
  nowMs: number,
  followUps: FollowUps,
): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== event.revision) return { refused: "stale" };
  if (isPastDiscard(execution, nowMs)) return discard(execution, nowMs, followUps);
  const remainingMs = startableAtMs(execution) - nowMs;
  if (remainingMs > 0) return { refused: "early", remainingMs };
  const waited = withoutWait(execution);
  if (event.type === "reject") {
    return to(execution, { ...waited, state: "cancelled", finishedAtMs: nowMs }, nowMs);
  }
  if (event.type === "launch") return launch(execution, event, nowMs);
  const { leaseMs, slot, task, logStream } = event;
  const { compute: _, ...anywhere } = waited;
  const started = { ...anywhere, state: "started", startedAtMs: nowMs, leaseUntilMs: nowMs + leaseMs } as const;
  const place = {
    ...(slot !== undefined && { slot }),
    ...(task !== undefined && { task, compute: "fargate" as const }),
    ...(logStream !== undefined && { logStream }),
  };
  return to(execution, { ...started, ...place }, nowMs);
}

// The same launch once more, as long as nobody knows that its task has stopped.
function launch(execution: Created, event: ExecutionEvent & { type: "launch" }, nowMs: number): Transition {
  const { undispatched: _, parkedIn: __, ...waiting } = execution;
  const { notBeforeMs = execution.notBeforeMs, leaseMs } = event;
  const launched = {
    launch: execution.launch ?? { number: 1, failures: 0 },
    ...(notBeforeMs !== undefined && { notBeforeMs }),
    misses: 0,
    waits: 0,
    recheckAtMs: nowMs + leaseMs,
  };
  return to(execution, { ...waiting, ...launched }, nowMs);
}

/** The rules of a task that has stopped: it is launched again, or the execution fails. */
export function taskStopped(
  execution: Execution,
  event: ExecutionEvent & { type: "task_stopped" },
  nowMs: number,
  followUps: FollowUps,
): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== event.revision) return { refused: "stale" };
  const { launch } = execution;
  if (launch === undefined || launch.number !== event.number) return { refused: "stale" };
  const { fault } = event;
  const failures = launch.failures + (fault === undefined ? 0 : 1);
  if (fault !== undefined && failures >= MAX_LAUNCH_FAILURES) {
    const failed = { state: "failed", errorCode: "ER0000", finishedAtMs: nowMs, launchError: fault } as const;
    return to(execution, followed({ ...withoutWait(execution), ...failed }, nowMs, followUps), nowMs);
  }
  const again = { ...execution, launch: { number: launch.number + 1, failures } };
  // A parked execution waits for its slot; nobody looks for a lost message.
  if (execution.parkedIn !== undefined) return to(execution, again, nowMs);
  const sentAtMs = nowMs + launchWaitSeconds(fault === undefined ? 0 : failures) * 1000;
  return to(execution, { ...again, recheckAtMs: recheckAtMs(execution.scheduledAtMs, sentAtMs) }, nowMs);
}

/**
 * Parks an execution in a lane. It is looked at again after a while, in case the parked item is lost: what is parked is
 * no lost message.
 */
export function park(
  execution: Execution,
  event: ExecutionEvent & { type: "park" },
  nowMs: number,
): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== event.revision) return { refused: "stale" };
  const { lane: parkedIn, notBeforeMs } = event;
  const reserved = notBeforeMs === undefined ? {} : { notBeforeMs };
  return to(execution, { ...execution, ...reserved, parkedIn, recheckAtMs: nowMs + WAITS_MS[0] }, nowMs);
}

/** Reserves a start, once for each revision: a message that comes twice finds the reservation of the first. */
export function reserve(
  execution: Execution,
  event: ExecutionEvent & { type: "reserve" },
  nowMs: number,
): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== event.revision) return { refused: "stale" };
  if (execution.notBeforeMs !== undefined) return { refused: "stale" };
  const { notBeforeMs } = event;
  const { parkedIn: _, ...waiting } = execution;
  return to(execution, { ...waiting, notBeforeMs, recheckAtMs: recheckAtMs(notBeforeMs, nowMs) }, nowMs);
}

/** How long to wait before the next launch after so many that failed. It doubles up to what a queue can delay. */
export function launchWaitSeconds(failures: number): number {
  return failures === 0 ? 0 : Math.min(MAX_DELAY_SECONDS, FIRST_LAUNCH_WAIT_SECONDS * 2 ** (failures - 1));
}
