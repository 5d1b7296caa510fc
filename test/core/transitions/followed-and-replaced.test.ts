import { describe, expect, it } from "vitest";
import { aCreated, aStarted } from "../../../harness/an-execution.ts";
import { wakeAtMs } from "../../../lambdas/core/execution.ts";
import type { FollowUps } from "../../../lambdas/core/follow-ups.ts";
import type { ExecutionEvent } from "../../../lambdas/core/transitions/event.ts";
import { next } from "../../../lambdas/core/transitions.ts";
import { events, fail, NOW_MS, retry } from "./events.ts";

describe("an end that is followed up on", () => {
  const followUps = { onFailure: "notify", onSuccess: "update" };
  const waits = (event: ExecutionEvent, which: FollowUps = followUps) => next(aStarted(), event, NOW_MS, which);

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
