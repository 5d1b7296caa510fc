import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aCreated, aStarted, inEveryState } from "../../harness/an-execution.ts";
import { type Execution, isKnownToWait, states } from "../../lambdas/core/execution.ts";
import type { ExecutionEvent } from "../../lambdas/core/transitions/event.ts";
import { next } from "../../lambdas/core/transitions.ts";
import { events, fail, meantFor, NOW_MS, retry } from "./transitions/events.ts";

const { start } = events;

type Row = Record<keyof typeof events, string>;

const stale = {
  ...{ start: "stale", succeed: "stale", fail: "stale", retry: "stale", abort: "stale", reject: "stale" },
  ...{
    launch: "stale",
    task_stopped: "stale",
    park: "stale",
    reserve: "stale",
    renew: "stale",
    undispatched: "stale",
    send_again: "stale",
    wait: "stale",
    miss: "stale",
    give_up: "stale",
    announce_again: "stale",
    followed: "stale",
  },
};
const final: Row = {
  ...stale,
  debounce: "wrong_state",
  reschedule: "wrong_state",
  cancel: "wrong_state",
  force: "wrong_state",
};

describe("what becomes of an execution", () => {
  const table: Record<Execution["state"], Row> = {
    created: {
      ...stale,
      start: "started",
      launch: "created",
      reject: "cancelled",
      park: "created",
      reserve: "created",
      undispatched: "created",
      reschedule: "created",
      debounce: "created",
      cancel: "cancelled",
      force: "cancelled",
    },
    started: {
      ...stale,
      renew: "started",
      succeed: "succeed",
      fail: "failed",
      retry: "created",
      abort: "aborted",
      reschedule: "wrong_state",
      debounce: "wrong_state",
      cancel: "wrong_state",
      force: "aborting",
    },
    aborting: {
      ...stale,
      succeed: "aborted",
      fail: "aborted",
      retry: "aborted",
      abort: "aborted",
      reschedule: "wrong_state",
      debounce: "wrong_state",
      cancel: "wrong_state",
      force: "wrong_state",
    },
    succeed: final,
    failed: final,
    cancelled: final,
    aborted: final,
    discarded: final,
  };

  for (const execution of inEveryState()) {
    for (const [name, event] of Object.entries(events)) {
      const expected = table[execution.state][name as keyof Row];
      it(`in ${execution.state} when told to ${name}: ${expected}`, () => {
        const decision = next(execution, event, NOW_MS);
        expect("to" in decision ? decision.to.state : decision.refused).toBe(expected);
        if ("to" in decision) {
          expect(decision.from).toEqual({ id: execution.id, state: execution.state, revision: 0, version: 0 });
          expect(decision.to).toMatchObject({ version: 1, updatedAtMs: NOW_MS });
        }
      });
    }
  }

  it("is tried in every state", () => {
    expect(
      inEveryState()
        .map(({ state }) => state)
        .sort(),
    ).toEqual([...states].sort());
  });
});

describe("a start", () => {
  it("takes a lease and keeps what was known", () => {
    const { recheckAtMs: _, ...execution } = aCreated({ metadata: { user: "1" } });
    expect(next(aCreated({ metadata: { user: "1" } }), start, NOW_MS)).toHaveProperty("to", {
      ...execution,
      version: 1,
      state: "started",
      startedAtMs: NOW_MS,
      updatedAtMs: NOW_MS,
      leaseUntilMs: NOW_MS + 900_000,
      changes: [{ atMs: NOW_MS, what: "started" }],
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

describe("a start in a slot", () => {
  it("keeps its number as long as the attempt runs", () => {
    const started = next(aCreated({ parkedIn: "customer=acme", notBeforeMs: 12_000 }), { ...start, slot: 3 }, NOW_MS);
    expect(started).toHaveProperty("to.slot", 3);
    expect(started).not.toHaveProperty("to.parkedIn");
    expect(started).not.toHaveProperty("to.notBeforeMs");
    for (const event of [events.succeed, fail, retry]) {
      expect(next(aStarted({ slot: 3 }), event, NOW_MS)).not.toHaveProperty("to.slot");
    }
    expect(next(aStarted({ slot: 3 }), events.force, NOW_MS)).toHaveProperty("to.slot", 3);
  });
});

describe("an execution that waits for its task", () => {
  const told = (execution: Execution, ...given: ExecutionEvent[]) =>
    given.reduce((current, event) => {
      const decision = next(current, event, NOW_MS);
      if (!("to" in decision)) throw new Error(`${event.type}: ${decision.refused}`);
      return decision.to;
    }, execution);
  const stopped = (number: number, fault?: string): ExecutionEvent => ({
    type: "task_stopped",
    revision: 0,
    number,
    fault,
  });
  const launched = told(aCreated(), events.launch);

  it("is not looked for before the task has had its time, and no message counts as lost then", () => {
    expect(launched).toMatchObject({ state: "created", launch: { number: 1, failures: 0 }, recheckAtMs: 615_000 });
    expect(isKnownToWait(launched)).toBe(false);
    const decision = next(launched, events.send_again, 615_000);
    expect(decision).toMatchObject({ to: { dispatches: 0, launch: { number: 1 } } });
  });

  it("keeps the number of its launch until the task is known to have stopped", () => {
    expect(told(launched, events.launch)).toMatchObject({ launch: { number: 1 } });
    expect(told(launched, stopped(1), events.launch)).toMatchObject({ launch: { number: 2, failures: 0 } });
    expect(next(told(launched, stopped(1)), stopped(1), NOW_MS)).toEqual({ refused: "stale" });
    expect(next(aCreated({ revision: 1 }), stopped(1), NOW_MS)).toEqual({ refused: "stale" });
  });

  it("waits twice as long after each task that failed to begin, then fails and says why", () => {
    let execution: Execution = aCreated();
    const waits: number[] = [];
    for (let number = 1; execution.state === "created"; number++) {
      execution = told(execution, events.launch, stopped(number, "no image"));
      if (execution.state === "created") waits.push((execution.recheckAtMs - NOW_MS) / 1_000 - 60);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900]);
    expect(execution).toMatchObject({ state: "failed", errorCode: "ER0000", launchError: "no image" });
    expect(execution).not.toHaveProperty("launch");
  });

  it("that is parked meanwhile waits for its slot, and only the number rises", () => {
    const parked = told(launched, events.park);
    const { recheckAtMs } = parked as typeof launched & { recheckAtMs: number };
    expect(told(parked, stopped(1))).toMatchObject({ parkedIn: "customer=acme", recheckAtMs, launch: { number: 2 } });
  });

  it.each([start, events.cancel, events.reschedule, events.reject])("waits no more after %j", (event) => {
    expect(told(launched, event)).not.toHaveProperty("launch");
  });

  it("keeps the start that its rate limit has allowed", () => {
    expect(told(aCreated(), { ...events.launch, notBeforeMs: 12_000 })).toMatchObject({ notBeforeMs: 12_000 });
  });
});

describe("a start in a task", () => {
  it("keeps its ARN as long as the attempt runs, and says afterwards where that was", () => {
    const started = next(aCreated(), { ...start, task: "arn:task" }, NOW_MS);
    expect(started).toMatchObject({ to: { task: "arn:task", compute: "fargate" } });
    for (const event of [events.succeed, fail, retry]) {
      const ended = next(aStarted({ task: "arn:task", compute: "fargate" }), event, NOW_MS);
      expect(ended).toHaveProperty("to.compute", "fargate");
      expect(ended).not.toHaveProperty("to.task");
    }
    expect(next(aCreated({ compute: "fargate" }), start, NOW_MS)).not.toHaveProperty("to.compute");
  });
});

describe("what is parked", () => {
  const parked = aCreated({ parkedIn: "customer=acme" });

  it("is known to wait, and looked at again after minutes", () => {
    const decision = next(aCreated(), events.park, NOW_MS);
    expect(decision).toMatchObject({ to: { parkedIn: "customer=acme", recheckAtMs: NOW_MS + 300_000, dispatches: 0 } });
    expect("to" in decision && isKnownToWait(decision.to)).toBe(true);
    expect(decision).not.toHaveProperty("to.indexedWakeAtMs");
  });

  it.each([events.cancel, events.reschedule, events.reject, events.reserve])("is parked no more after %j", (event) => {
    expect(next(parked, event, NOW_MS)).not.toHaveProperty("to.parkedIn");
  });

  it("takes no message of another revision", () => {
    expect(next(aCreated({ revision: 1 }), events.park, NOW_MS)).toEqual({ refused: "stale" });
  });
});

describe("a reserved start", () => {
  it("is kept once for each revision, and moves the recheck time", () => {
    const decision = next(aCreated(), events.reserve, NOW_MS);
    expect(decision).toMatchObject({ to: { notBeforeMs: 60_000, recheckAtMs: 120_000 } });
    expect(next(aCreated({ notBeforeMs: 60_000 }), { ...events.reserve, notBeforeMs: 1 }, NOW_MS)).toEqual({
      refused: "stale",
    });
    expect(next(aCreated({ revision: 1 }), events.reserve, NOW_MS)).toEqual({ refused: "stale" });
  });

  it("holds up a start until then, and no other revision", () => {
    const reserved = aCreated({ notBeforeMs: 60_000 });
    expect(next(reserved, start, NOW_MS)).toEqual({ refused: "early", remainingMs: 45_000 });
    expect(next(reserved, start, 60_000)).toHaveProperty("to.state", "started");
    expect(next(reserved, events.reschedule, NOW_MS)).not.toHaveProperty("to.notBeforeMs");
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
    expect(next(aStarted({ attempt: 2 }), fail, NOW_MS)).toEqual({ refused: "stale" });
  });

  it("with a retry left waits for it, as the next attempt, with messages of its own", () => {
    const execution = aStarted({ revision: 3, metadata: { user: "1" } });
    expect(next(execution, retry, NOW_MS)).toHaveProperty("to", {
      ...aCreated({ metadata: { user: "1" }, misses: 0, waits: 0 }),
      version: 1,
      revision: 4,
      attempt: 2,
      attemptCreatedAtMs: NOW_MS,
      updatedAtMs: NOW_MS,
      scheduledAtMs: NOW_MS + 30_000,
      recheckAtMs: NOW_MS + 90_000,
      // Where its lease had it.
      indexedWakeAtMs: 35_000,
      changes: [{ atMs: NOW_MS, what: "retry", forMs: NOW_MS + 30_000, errorCode: "ER0001" }],
    });
  });

  it("is final where the retry would start past discard_after, and not a millisecond before", () => {
    const discardAfterMs = NOW_MS + 30_000;
    expect(next(aStarted({ discardAfterMs }), retry, NOW_MS)).toHaveProperty("to.state", "created");
    expect(next(aStarted({ discardAfterMs }), retry, NOW_MS + 1)).toHaveProperty("to.state", "failed");
  });

  it("is final where the retry would be due in a year that no date can say", () => {
    const nowMs = Date.UTC(9999, 11, 31, 23, 59, 30);
    expect(next(aStarted(), { ...retry, retryAfterMs: 29_999 }, nowMs)).toHaveProperty("to.state", "created");
    expect(next(aStarted(), { ...retry, retryAfterMs: 30_000 }, nowMs)).toHaveProperty("to.state", "failed");
  });
});

describe("a reschedule", () => {
  it("makes the messages that are under way stale", () => {
    const decision = next(aCreated({ revision: 2 }), events.reschedule, NOW_MS);
    expect(decision).toHaveProperty("to.revision", 3);
    expect(decision).toHaveProperty("to.scheduledAtMs", 99_000);
    expect(decision).toHaveProperty("to.rescheduledAtMs", NOW_MS);
    expect(next(aStarted({ rescheduledAtMs: 5 }), retry, NOW_MS)).not.toHaveProperty("to.rescheduledAtMs");
  });
});

describe("the metadata postings of an execution", () => {
  const WEEK_MS = 7 * 86_400_000;
  const metadata = { user: "1" };

  it("are written again for each week in which it is retried, postponed, renewed or checked, and not more often", () => {
    const retryLater = (ms: number) => next(aStarted({ metadata }), { ...retry, retryAfterMs: ms }, NOW_MS);
    expect(retryLater(WEEK_MS)).toHaveProperty("keepsLonger", true);
    expect(retryLater(WEEK_MS - NOW_MS)).not.toHaveProperty("keepsLonger");
    const waiting = aCreated({ metadata });
    const later = { ...events.reschedule, scheduledAtMs: 2 * WEEK_MS };
    expect(next(waiting, later, NOW_MS)).toHaveProperty("keepsLonger", true);
    expect(next(waiting, events.wait, WEEK_MS + 1_000)).toHaveProperty("keepsLonger", true);
    expect(next(waiting, start, WEEK_MS + 1_000)).toHaveProperty("keepsLonger", true);
    expect(next(aCreated(), later, NOW_MS)).not.toHaveProperty("keepsLonger");
    expect(next(waiting, events.cancel, 2 * WEEK_MS)).not.toHaveProperty("keepsLonger");
  });

  it("never last less than the retention after a week from the last change, whatever happens", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...Object.values(events)), fc.nat({ max: WEEK_MS })), { maxLength: 30 }),
        (steps) => {
          let execution: Execution = aCreated({ metadata });
          let writtenFromMs = execution.scheduledAtMs;
          let nowMs = 10_000;
          for (const [event, ms] of steps) {
            nowMs += ms;
            const decision = next(execution, meantFor(execution, event), nowMs);
            if (!("to" in decision)) continue;
            execution = decision.to;
            if ("finishedAtMs" in execution) break;
            if (decision.keepsLonger) writtenFromMs = Math.max(execution.scheduledAtMs, execution.updatedAtMs);
            expect(Math.max(execution.scheduledAtMs, nowMs) - writtenFromMs).toBeLessThanOrEqual(WEEK_MS);
          }
        },
      ),
    );
  });
});
