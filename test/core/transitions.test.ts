import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Execution,
  FRESH_MS,
  firstWakePlace,
  isKnownToWait,
  states,
  wakeAtMs,
  wakePlaceOf,
} from "../../lambdas/core/execution.ts";
import type { FollowUps } from "../../lambdas/core/follow-ups.ts";
import type { Event } from "../../lambdas/core/transitions/event.ts";
import { next } from "../../lambdas/core/transitions.ts";
import { aCreated, aNewId, aStarted, inEveryState } from "../support/an-execution.ts";

const NOW_MS = 15_000;
const start: Event = { type: "start", revision: 0, leaseMs: 900_000 };
const fail: Event & { type: "finish" } = {
  type: "finish",
  attempt: 1,
  end: { state: "failed", errorCode: "ER0001" },
};
const retry: Event = { ...fail, retryAfterMs: 30_000 };

const events = {
  start,
  succeed: { type: "finish", attempt: 1, end: { state: "succeed" } },
  fail,
  retry,
  abort: { type: "finish", attempt: 1, end: { state: "aborted" } },
  reschedule: { type: "reschedule", scheduledAtMs: 99_000 },
  cancel: { type: "cancel", force: false },
  force: { type: "cancel", force: true },
  launch: { type: "launch", revision: 0, leaseMs: 600_000 },
  task_stopped: { type: "task_stopped", revision: 0, number: 1 },
  reject: { type: "reject", revision: 0 },
  park: { type: "park", revision: 0, lane: "customer=acme" },
  reserve: { type: "reserve", revision: 0, notBeforeMs: 60_000 },
  renew: { type: "renew", attempt: 1, leaseMs: 45_000 },
  undispatched: { type: "undispatched", revision: 0 },
  send_again: { type: "send_again" },
  wait: { type: "wait" },
  miss: { type: "miss" },
  give_up: { type: "give_up", attempt: 1 },
  debounce: {
    type: "debounce",
    scheduledAtMs: 99_000,
    debounced: { version: "2", untilMs: 80_000 },
    arguments: { inline: "[2]" },
    metadata: { user: "2" },
    tokenSeed: "other",
  },
  announce_again: { type: "announce_again" },
  followed: { type: "followed" },
} satisfies Record<string, Event>;

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
  const told = (execution: Execution, ...given: Event[]) =>
    given.reduce((current, event) => {
      const decision = next(current, event, NOW_MS);
      if (!("to" in decision)) throw new Error(`${event.type}: ${decision.refused}`);
      return decision.to;
    }, execution);
  const stopped = (number: number, fault?: string): Event => ({ type: "task_stopped", revision: 0, number, fault });
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
            const { revision, attempt } = execution;
            const meant = {
              ...event,
              ...("revision" in event && { revision }),
              ...("attempt" in event && { attempt }),
            };
            const decision = next(execution, meant, nowMs);
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

describe("a lease", () => {
  it("is renewed until it ends, and not from that moment on", () => {
    const renew = events.renew;
    expect(next(aStarted(), renew, 19_999)).toHaveProperty("to.leaseUntilMs", 64_999);
    expect(next(aStarted(), renew, 20_000)).toEqual({ refused: "stale" });
    expect(next(aStarted({ attempt: 2 }), renew, NOW_MS)).toEqual({ refused: "stale" });
  });

  it("is looked at a while after it has ended, for clocks differ", () => {
    expect(wakeAtMs(aStarted())).toBe(35_000);
  });
});

describe("the place in the wake index", () => {
  const aFresh = () => aCreated({ id: aNewId(10_000), fresh: true });

  it("stays where it is up to two minutes too early, and is never too late", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(aCreated(), aFresh()),
        fc.array(fc.tuple(fc.constantFrom(...Object.values(events)), fc.nat({ max: 200_000 })), { maxLength: 30 }),
        (first, steps) => {
          let execution: Execution = first;
          let nowMs = 10_000;
          for (const [event, ms] of steps) {
            nowMs += ms;
            const { revision, attempt } = execution;
            const meant = {
              ...event,
              ...("revision" in event && { revision }),
              ...("attempt" in event && { attempt }),
            };
            const decision = next(execution, meant, nowMs);
            if (!("to" in decision)) continue;
            // No execution becomes fresh again.
            if (!execution.fresh) expect(decision.to).not.toHaveProperty("fresh");
            execution = decision.to;
            const wake = wakeAtMs(execution);
            const { part, atMs: place } = wakePlaceOf(execution) ?? {};
            if (isKnownToWait(execution)) expect(part).toBe("waiting");
            if (wake === undefined || place === undefined) expect(place).toBeUndefined();
            else expect(wake - place).toSatisfy((early: number) => early >= 0 && early <= 120_000);
          }
        },
      ),
    );
  });

  it("of a fresh execution is its id's, as long as it waits or runs for its first minutes", () => {
    const started = next(aFresh(), { ...events.start, leaseMs: 45_000 }, 10_100);
    expect(started).toMatchObject({ to: { state: "started", fresh: true } });
    if (!("to" in started)) return expect.unreachable();
    const renewedAt = (nowMs: number) => next({ ...started.to, leaseUntilMs: 9e9 } as Execution, events.renew, nowMs);
    // The lease of the event and the grace after it; two minutes after the time of the id and a minute.
    const lastMs = 10_000 + FRESH_MS + 120_000 - events.renew.leaseMs - 15_000;
    expect(renewedAt(lastMs)).toHaveProperty("to.fresh", true);
    expect(renewedAt(lastMs + 1)).not.toHaveProperty("to.fresh");
    for (const event of [events.succeed, events.fail, events.abort]) {
      expect(next(started.to, event, 11_000)).not.toHaveProperty("to.fresh");
    }
    for (const event of [events.undispatched, events.park, { ...events.reschedule, scheduledAtMs: 9e9 }]) {
      const left = next(aFresh(), event, 10_100);
      expect(left).toHaveProperty("to");
      expect(left).not.toHaveProperty("to.fresh");
    }
  });

  it("of a new execution is its id's, unless it is due later than in two minutes, or to be discarded within one", () => {
    const id = aNewId(10_000);
    const place = (wait: { recheckAtMs: number; discardAfterMs?: number }) => firstWakePlace({ id, ...wait });
    expect(place({ recheckAtMs: 70_000 })).toEqual({ fresh: true });
    expect(place({ recheckAtMs: 190_000 })).toEqual({ fresh: true });
    expect(place({ recheckAtMs: 190_001 })).toEqual({});
    expect(place({ recheckAtMs: 69_999 })).toEqual({});
    expect(place({ recheckAtMs: 70_000, discardAfterMs: 69_999 })).toEqual({ fresh: true });
    expect(place({ recheckAtMs: 70_000, discardAfterMs: 69_998 })).toEqual({});
  });

  it("does not change when an execution is claimed a moment after it became due", () => {
    expect(next(aCreated(), { ...events.start, leaseMs: 45_000 }, 10_100)).toMatchObject({
      to: { state: "started", leaseUntilMs: 55_100, indexedWakeAtMs: 70_000 },
    });
  });
});

describe("an execution that is overdue", () => {
  const overdue = aCreated({ recheckAtMs: 70_000 });

  it.each([
    ["send_again", "created"],
    ["wait", "created"],
    ["miss", "created"],
    ["give_up", "failed"],
  ] as const)("is told to %s: %s, and not a millisecond before", (name, state) => {
    expect(next(overdue, events[name], 69_999)).toEqual({ refused: "stale" });
    expect(next(overdue, events[name], 70_000)).toHaveProperty("to.state", state);
  });

  it("is sent again at growing intervals", () => {
    let execution: Execution = overdue;
    const waits: number[] = [];
    for (let count = 0; count < 5; count++) {
      const nowMs = wakeAtMs(execution) ?? 0;
      const decision = next(execution, events.send_again, nowMs);
      if (!("to" in decision)) throw new Error("must be sent again");
      expect(decision.to).toMatchObject({ revision: 0, dispatches: count + 1 });
      execution = decision.to;
      waits.push(((wakeAtMs(execution) ?? 0) - nowMs) / 60_000);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32]);
  });

  it("that could not be sent is due for the sweep at once, and its sending counts as no second dispatch", () => {
    const marked = next(aCreated({ scheduledAtMs: 9e9, recheckAtMs: 9e9 }), events.undispatched, NOW_MS);
    expect(marked).toMatchObject({ to: { undispatched: true, recheckAtMs: NOW_MS } });
    expect(marked).not.toHaveProperty("to.indexedWakeAtMs");
    if (!("to" in marked)) throw new Error("must be marked");
    expect(next(marked.to, events.send_again, NOW_MS)).toMatchObject({ to: { dispatches: 0 } });
    for (const event of [events.send_again, events.reschedule, events.cancel]) {
      expect(next(marked.to, event, NOW_MS)).not.toHaveProperty("to.undispatched");
    }
    expect(next(aCreated({ undispatched: true }), start, NOW_MS)).not.toHaveProperty("to.undispatched");
    expect(next(aCreated({ revision: 1 }), events.undispatched, NOW_MS)).toEqual({ refused: "stale" });
  });

  it("is looked at every half hour while its function is not there, and starts over when that is", () => {
    const missed = next({ ...overdue, dispatches: 2, misses: 4 }, events.miss, 70_000);
    expect(missed).toMatchObject({ to: { dispatches: 2, misses: 5, recheckAtMs: 1_870_000, revision: 0 } });
    const sent = next({ ...overdue, dispatches: 2, misses: 5 }, events.send_again, 70_000);
    expect(sent).toMatchObject({ to: { dispatches: 3, misses: 0 } });
    const retried = next(aStarted({ misses: 5 }), events.retry, NOW_MS);
    expect(retried).toMatchObject({ to: { misses: 0 } });
  });

  it("says why it was given up, if that is known", () => {
    expect(next(overdue, { ...events.give_up, reason: "not_deployed" }, 70_000)).toHaveProperty(
      "to.reason",
      "not_deployed",
    );
    expect(next(overdue, events.give_up, 70_000)).not.toHaveProperty("to.reason");
  });

  it("starts over with a reschedule", () => {
    const decision = next({ ...overdue, dispatches: 5, misses: 5 }, events.reschedule, NOW_MS);
    expect(decision).toHaveProperty("to.misses", 0);
    expect(decision).toHaveProperty("to.dispatches", 0);
    expect(decision).toHaveProperty("to.recheckAtMs", 159_000);
  });

  it("is discarded, if it may not start any more, as soon as that is so", () => {
    const execution = aCreated({ discardAfterMs: 12_000, recheckAtMs: 70_000 });
    expect(wakeAtMs(execution)).toBe(12_001);
    for (const name of ["send_again", "wait", "miss", "give_up"] as const) {
      expect(next(execution, events[name], 12_001)).toHaveProperty("to.state", "discarded");
    }
  });

  it("is not given up for an attempt that is over", () => {
    expect(next({ ...overdue, attempt: 2 }, events.give_up, 70_000)).toEqual({ refused: "stale" });
  });
});

describe("an end that is followed up on", () => {
  const followUps = { onFailure: "notify", onSuccess: "update" };
  const waits = (event: Event, which: FollowUps = followUps) => next(aStarted(), event, NOW_MS, which);

  it.each([
    ["succeed", "onSuccess"],
    ["fail", "onFailure"],
    ["abort", "onFailure"],
  ] as const)("by %s waits for its follow-up, if its function has %s", (name, key) => {
    expect(waits(events[name])).toHaveProperty("to.followUpAtMs", NOW_MS + 60_000);
    expect(waits(events[name], { [key]: "it" })).toHaveProperty("to.followUpAtMs");
    const { [key]: _, ...others } = followUps;
    expect(waits(events[name], others)).not.toHaveProperty("to.followUpAtMs");
  });

  it("is also to be discarded or given up, and never to be retried or cancelled", () => {
    const waiting = aCreated({ recheckAtMs: 0 });
    const past = { ...waiting, discardAfterMs: 14_999 };
    for (const event of [events.start, events.reject, events.send_again, events.wait, events.miss, events.give_up]) {
      expect(next(past, event, NOW_MS, followUps)).toMatchObject({ to: { state: "discarded", followUpAtMs: 75_000 } });
    }
    expect(next(waiting, events.give_up, NOW_MS, followUps)).toHaveProperty("to.followUpAtMs");
    expect(waits(retry)).not.toHaveProperty("to.followUpAtMs");
    for (const event of [events.cancel, events.reject]) {
      expect(next(waiting, event, NOW_MS, followUps)).not.toHaveProperty("to.followUpAtMs");
    }
  });

  it("keeps its place in the index until then, without a write for it", () => {
    const running = aStarted({ leaseUntilMs: NOW_MS + 40_000 });
    const decision = next(running, events.succeed, NOW_MS, followUps);
    if (!("to" in decision)) return expect.unreachable();
    expect(decision.to.indexedWakeAtMs).toBe(wakeAtMs(running));
    const settled = next(decision.to, events.followed, NOW_MS + 1_000);
    expect("to" in settled && [wakeAtMs(settled.to), settled.to.indexedWakeAtMs]).toEqual([undefined, undefined]);
  });
});

describe("the start timeout of a function", () => {
  const limited = { discardAfterMs: 70_000, startTimeoutMs: 60_000 };

  it("moves with the due time, and never counts from the past", () => {
    const moved = (scheduledAtMs: number) => next(aCreated(limited), { type: "reschedule", scheduledAtMs }, NOW_MS);
    expect(moved(99_000)).toHaveProperty("to.discardAfterMs", 159_000);
    expect(moved(1)).toHaveProperty("to.discardAfterMs", NOW_MS + 60_000);
    expect(moved(253_402_300_799_999)).toHaveProperty("to.discardAfterMs", 253_402_300_799_999);
  });

  it("does not hold for a retry, and one that a caller gave does", () => {
    const retried = next(aStarted(limited), { ...fail, retryAfterMs: 1e9 }, NOW_MS);
    expect(retried).toMatchObject({ to: { state: "created", attempt: 2 } });
    expect(retried).not.toHaveProperty("to.discardAfterMs");
    expect(retried).not.toHaveProperty("to.startTimeoutMs");
    const given = { discardAfterMs: 70_000 };
    expect(next(aStarted(given), { ...fail, retryAfterMs: 1e9 }, NOW_MS)).toHaveProperty("to.state", "failed");
    expect(next(aStarted(given), retry, NOW_MS)).toHaveProperty("to.discardAfterMs", 70_000);
  });
});

describe("another call of a debounce", () => {
  const call = events.debounce;

  it("replaces arguments and metadata, and is due no later than any of the calls allows", () => {
    const moved = next(aCreated({ debounced: { version: "1" } }), call, NOW_MS);
    expect(moved).toMatchObject({
      to: { revision: 1, scheduledAtMs: 80_000, arguments: { inline: "[2]" }, metadata: { user: "2" } },
      keepsLonger: true,
    });
    const earlier = next(aCreated({ debounced: { version: "1", untilMs: 70_000 } }), call, NOW_MS);
    expect(earlier).toMatchObject({ to: { scheduledAtMs: 70_000, debounced: { version: "2", untilMs: 70_000 } } });
    const later = next(aCreated({ debounced: { version: "1" } }), { ...call, debounced: { version: "2" } }, NOW_MS);
    expect(later).toMatchObject({ to: { scheduledAtMs: 99_000, debounced: { version: "2" } } });
  });

  it("replaces the limits of the start", () => {
    const limited = aCreated({ discardAfterMs: 1, startTimeoutMs: 1 });
    expect(next(limited, call, NOW_MS)).not.toHaveProperty("to.discardAfterMs");
    expect(next(limited, { ...call, startTimeoutMs: 5_000 }, NOW_MS)).toHaveProperty("to.discardAfterMs", 85_000);
    const given = next(limited, { ...call, startTimeoutMs: 5_000, discardAfterMs: 90_000 }, NOW_MS);
    expect(given).toHaveProperty("to.discardAfterMs", 90_000);
    expect(given).not.toHaveProperty("to.startTimeoutMs");
  });

  it("leaves alone an execution that has run once", () => {
    expect(next(aCreated({ attempt: 2 }), call, NOW_MS)).toEqual({ refused: "wrong_state", state: "created" });
  });
});
