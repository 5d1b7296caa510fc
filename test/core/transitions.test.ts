import { describe, expect, it } from "vitest";
import { type Event, next } from "../../lambdas/core/transitions.ts";
import { aCreated, aStarted, inEveryState } from "../support/an-execution.ts";

const NOW_MS = 15_000;
const start: Event = { type: "start", revision: 0, leaseMs: 900_000 };
const succeed: Event = { type: "finish", attempt: 1, end: { state: "succeed" } };
const fail: Event = { type: "finish", attempt: 1, end: { state: "failed", errorCode: "ER0001" } };

describe("what becomes of an execution", () => {
  const table: Record<string, [Event, string][]> = {
    created: [
      [start, "started"],
      [succeed, "stale"],
      [fail, "stale"],
    ],
    started: [
      [start, "stale"],
      [succeed, "succeed"],
      [fail, "failed"],
    ],
    succeed: [
      [start, "stale"],
      [succeed, "stale"],
      [fail, "stale"],
    ],
    failed: [
      [start, "stale"],
      [succeed, "stale"],
      [fail, "stale"],
    ],
    discarded: [
      [start, "stale"],
      [succeed, "stale"],
      [fail, "stale"],
    ],
  };

  for (const execution of inEveryState()) {
    for (const [event, expected] of table[execution.state] ?? []) {
      const what = event.type === "finish" ? event.end.state : event.type;
      it(`in ${execution.state} when told to ${what}: ${expected}`, () => {
        const decision = next(execution, event, NOW_MS);
        expect("to" in decision ? decision.to.state : decision.refused).toBe(expected);
      });
    }
  }

  it("covers every state", () => {
    expect(
      inEveryState()
        .map(({ state }) => state)
        .sort(),
    ).toEqual(Object.keys(table).sort());
  });
});

describe("a start", () => {
  it("takes a lease and keeps what was known", () => {
    const execution = aCreated({ metadata: { user: "1" } });
    expect(next(execution, start, NOW_MS)).toEqual({
      from: { id: execution.id, state: "created", revision: 0 },
      to: {
        ...execution,
        state: "started",
        startedAtMs: NOW_MS,
        updatedAtMs: NOW_MS,
        leaseUntilMs: NOW_MS + 900_000,
      },
    });
  });

  it("is stale when the message names another revision", () => {
    expect(next(aCreated({ revision: 1 }), start, NOW_MS)).toEqual({ refused: "stale" });
  });

  it("is early until the millisecond it is due", () => {
    expect(next(aCreated(), start, 9_999)).toEqual({ refused: "early", remainingMs: 1 });
    expect(next(aCreated(), start, 10_000)).toHaveProperty("to.state", "started");
  });

  it("discards what is past its discard_after, and not a millisecond before", () => {
    const execution = aCreated({ discardAfterMs: 12_000 });
    expect(next(execution, start, 12_000)).toHaveProperty("to.state", "started");
    expect(next(execution, start, 12_001)).toHaveProperty("to.state", "discarded");
  });

  it("discards what is past its discard_after even before it is due", () => {
    expect(next(aCreated({ discardAfterMs: 5_000 }), start, 6_000)).toHaveProperty("to.state", "discarded");
  });
});

describe("an end", () => {
  it("gives the lease back and keeps the error code", () => {
    const decision = next(aStarted(), fail, NOW_MS);
    expect(decision).toHaveProperty("to.errorCode", "ER0001");
    expect(decision).toHaveProperty("to.finishedAtMs", NOW_MS);
    expect(decision).not.toHaveProperty("to.leaseUntilMs");
  });

  it("of another attempt is stale", () => {
    expect(next(aStarted({ attempt: 2 }), succeed, NOW_MS)).toEqual({ refused: "stale" });
  });
});
