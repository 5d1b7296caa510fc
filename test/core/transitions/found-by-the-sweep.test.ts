import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aCreated, aNewId, aStarted } from "../../../harness/an-execution.ts";
import {
  type Execution,
  FRESH_MS,
  firstWakePlace,
  isKnownToWait,
  wakeAtMs,
  wakePlaceOf,
} from "../../../lambdas/core/execution.ts";
import { next } from "../../../lambdas/core/transitions.ts";
import { events, meantFor, NOW_MS } from "./events.ts";

const { start } = events;

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
            const decision = next(execution, meantFor(execution, event), nowMs);
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
