import { type Created, type End, type Execution, isRunning, type Running, type State } from "./execution.ts";

/** What can happen to an execution. */
export type Event =
  | { type: "start"; revision: number; leaseMs: number }
  | { type: "finish"; attempt: number; end: End; retryAfterMs?: number | undefined }
  | { type: "reschedule"; scheduledAtMs: number }
  | { type: "cancel"; force: boolean };

/** A decision to be written down by one conditional write: only if the record still is of that version. */
export interface Transition<To extends Execution = Execution> {
  from: Pick<Execution, "id" | "version">;
  to: To;
}

/** Why nothing is to be written. */
export type Refusal =
  /** What was asked for is over: the message or the worker belongs to the past. */
  | { refused: "stale" }
  /** So long it is until the execution is due. */
  | { refused: "early"; remainingMs: number }
  | { refused: "wrong_state"; state: State };

/**
 * The rules of an execution's life: what becomes of `execution` when `event` happens at `nowMs`.
 * Pure; the table of all (state, event) pairs is its test.
 */
export function next(execution: Execution, event: Event, nowMs: number): Transition | Refusal {
  switch (event.type) {
    case "start":
      return start(execution, event, nowMs);
    case "finish":
      return finish(execution, event, nowMs);
    case "reschedule":
      return reschedule(execution, event.scheduledAtMs, nowMs);
    case "cancel":
      return cancel(execution, event.force, nowMs);
  }
}

function start(execution: Execution, event: Event & { type: "start" }, nowMs: number): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== event.revision) return { refused: "stale" };
  if (execution.discardAfterMs !== undefined && nowMs > execution.discardAfterMs) {
    return to(execution, { ...execution, state: "discarded", finishedAtMs: nowMs }, nowMs);
  }
  if (nowMs < execution.scheduledAtMs) return { refused: "early", remainingMs: execution.scheduledAtMs - nowMs };
  return to(
    execution,
    { ...execution, state: "started", startedAtMs: nowMs, leaseUntilMs: nowMs + event.leaseMs },
    nowMs,
  );
}

function finish(execution: Execution, event: Event & { type: "finish" }, nowMs: number): Transition | Refusal {
  if (!isRunning(execution) || execution.attempt !== event.attempt) return { refused: "stale" };
  const { leaseUntilMs: _, ...ended } = execution;
  // Whoever asked for the abort was told that it is under way: it holds, even if the function was quicker.
  const end: End = execution.state === "aborting" ? { state: "aborted" } : event.end;
  const retryAtMs = end.state === "failed" ? retryAt(execution, event.retryAfterMs, nowMs) : undefined;
  if (retryAtMs !== undefined) return to(execution, waitForRetry(execution, retryAtMs, nowMs), nowMs);
  return to(execution, { ...ended, ...end, finishedAtMs: nowMs }, nowMs);
}

// A retry that could not start in time is not made.
function retryAt(execution: Running, retryAfterMs: number | undefined, nowMs: number): number | undefined {
  if (retryAfterMs === undefined) return undefined;
  const retryAtMs = nowMs + retryAfterMs;
  return execution.discardAfterMs !== undefined && retryAtMs > execution.discardAfterMs ? undefined : retryAtMs;
}

function waitForRetry(execution: Running, scheduledAtMs: number, nowMs: number): Created {
  const { leaseUntilMs: _, startedAtMs: __, ...waiting } = execution;
  return {
    ...waiting,
    state: "created",
    attempt: execution.attempt + 1,
    attemptCreatedAtMs: nowMs,
    revision: execution.revision + 1,
    scheduledAtMs,
  };
}

function reschedule(execution: Execution, scheduledAtMs: number, nowMs: number): Transition | Refusal {
  if (execution.state !== "created") return { refused: "wrong_state", state: execution.state };
  return to(execution, { ...execution, scheduledAtMs, revision: execution.revision + 1 }, nowMs);
}

function cancel(execution: Execution, force: boolean, nowMs: number): Transition | Refusal {
  if (execution.state === "created") {
    return to(execution, { ...execution, state: "cancelled", finishedAtMs: nowMs }, nowMs);
  }
  if (execution.state === "started" && force) return to(execution, { ...execution, state: "aborting" }, nowMs);
  return { refused: "wrong_state", state: execution.state };
}

function to(execution: Execution, target: Execution, nowMs: number): Transition {
  return {
    from: { id: execution.id, version: execution.version },
    to: { ...target, version: execution.version + 1, updatedAtMs: nowMs },
  };
}
