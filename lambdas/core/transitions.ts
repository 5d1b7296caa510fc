import type { End, Execution } from "./execution.ts";

/** What can happen to an execution. */
export type Event =
  | { type: "start"; revision: number; leaseMs: number }
  | { type: "finish"; attempt: number; end: End };

/** A decision to be written down by one conditional write: only if the record still is as `from` says. */
export interface Transition<To extends Execution = Execution> {
  from: Pick<Execution, "id" | "state" | "revision">;
  to: To;
}

/** Why nothing is to be written. `early` says how long it is until the execution is due. */
export type Refusal = { refused: "stale" } | { refused: "early"; remainingMs: number };

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
  }
}

function start(execution: Execution, event: Event & { type: "start" }, nowMs: number): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== event.revision) return { refused: "stale" };
  if (execution.discardAfterMs !== undefined && nowMs > execution.discardAfterMs) {
    return to(execution, { ...execution, state: "discarded", finishedAtMs: nowMs, updatedAtMs: nowMs });
  }
  if (nowMs < execution.scheduledAtMs) return { refused: "early", remainingMs: execution.scheduledAtMs - nowMs };
  return to(execution, {
    ...execution,
    state: "started",
    startedAtMs: nowMs,
    updatedAtMs: nowMs,
    leaseUntilMs: nowMs + event.leaseMs,
  });
}

function finish(execution: Execution, event: Event & { type: "finish" }, nowMs: number): Transition | Refusal {
  if (execution.state !== "started" || execution.attempt !== event.attempt) return { refused: "stale" };
  const { leaseUntilMs: _, ...rest } = execution;
  return to(execution, { ...rest, ...event.end, finishedAtMs: nowMs, updatedAtMs: nowMs });
}

function to(execution: Execution, target: Execution): Transition {
  return { from: { id: execution.id, state: execution.state, revision: execution.revision }, to: target };
}
