import { describe, expect, it } from "vitest";
import { aCreated } from "../../harness/an-execution.ts";
import { MAX_CHANGES, numberedChanges } from "../../lambdas/core/changes.ts";
import type { Execution } from "../../lambdas/core/execution.ts";
import type { ExecutionEvent } from "../../lambdas/core/transitions/event.ts";
import { next } from "../../lambdas/core/transitions.ts";

const start = (revision: number): ExecutionEvent => ({ type: "start", revision, leaseMs: 45_000 });
const fail = (attempt: number, retryAfterMs?: number): ExecutionEvent => ({
  type: "finish",
  attempt,
  end: { state: "failed", errorCode: "ER0001" },
  retryAfterMs,
});

/** Lets events happen to a new execution, each ten seconds after the one before. */
function afterEvents(...events: ExecutionEvent[]): Execution {
  return events.reduce<Execution>((execution, event, index) => {
    const decision = next(execution, event, 10_000 * (index + 1));
    if (!("to" in decision)) throw new Error(`${event.type}: ${JSON.stringify(decision)}`);
    return decision.to;
  }, aCreated());
}

describe("the changes that a record remembers", () => {
  it("are starts, ends of attempts and retries, with their attempts", () => {
    expect(numberedChanges(afterEvents(start(0), fail(1, 5_000), start(1), fail(2)))).toEqual([
      { atMs: 10_000, what: "started", attempt: 1 },
      { atMs: 20_000, what: "retry", forMs: 25_000, errorCode: "ER0001", attempt: 1 },
      { atMs: 30_000, what: "started", attempt: 2 },
      { atMs: 40_000, what: "failed", errorCode: "ER0001", attempt: 2 },
    ]);
  });

  it("are what callers ask for, with their names", () => {
    const reschedule: ExecutionEvent = { type: "reschedule", scheduledAtMs: 30_000, by: "ci" };
    const force: ExecutionEvent = { type: "cancel", force: true, by: "execution:1" };
    expect(afterEvents(reschedule, { ...reschedule, scheduledAtMs: 0 }, start(2), force).changes).toEqual([
      { atMs: 10_000, what: "rescheduled", forMs: 30_000, by: "ci" },
      { atMs: 20_000, what: "rescheduled", forMs: 0, by: "ci" },
      { atMs: 30_000, what: "started" },
      { atMs: 40_000, what: "aborting", by: "execution:1" },
    ]);
    expect(afterEvents({ type: "cancel", force: false, by: "ci" }).changes).toEqual([
      { atMs: 10_000, what: "cancelled", by: "ci" },
    ]);
  });

  it("are not leases, lost messages or waiting", () => {
    const renew: ExecutionEvent = { type: "renew", attempt: 1, leaseMs: 45_000 };
    expect(afterEvents(start(0), renew, renew).changes).toHaveLength(1);
    expect(afterEvents({ type: "undispatched", revision: 0 }).changes).toBeUndefined();
    expect(afterEvents({ type: "park", revision: 0, lane: "a=b" }).changes).toBeUndefined();
  });

  it("are the last twenty, numbered from the end", () => {
    const rounds = Array.from({ length: 30 }, (_, index) => [start(index), fail(index + 1, 1_000)]);
    const changes = numberedChanges(afterEvents(...rounds.flat()));
    expect(changes).toHaveLength(MAX_CHANGES);
    expect(changes[0]).toMatchObject({ what: "started", attempt: 21 });
    expect(changes.at(-1)).toMatchObject({ what: "retry", attempt: 30 });
  });
});
