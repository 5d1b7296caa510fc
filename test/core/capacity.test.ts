import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { othersAlive, renewedSlot, type Slot, takeSlot } from "../../lambdas/core/capacity.ts";

const slot = (holder: string, untilMs: number): Slot => ({ holder, untilMs });

describe("a slot", () => {
  it.each([
    ["is free", [], 1, 1],
    ["is free beside others", [slot("a", 20)], 2, 2],
    ["is free where another has ended", [slot("a", 10)], 1, 1],
    ["is its holder's own", [slot("me", 20)], 1, 1],
    ["is not free", [slot("a", 11)], 1, undefined],
  ])("%s", (_, slots, limit, length) => {
    expect(takeSlot(slots, slot("me", 50), limit, 10)?.length).toBe(length);
  });

  it("is renewed only while its holder has it", () => {
    expect(renewedSlot([slot("a", 20), slot("me", 20)], slot("me", 50))).toEqual([slot("a", 20), slot("me", 50)]);
    expect(renewedSlot([slot("a", 20)], slot("me", 50))).toBeUndefined();
  });

  it("is never one too many, whoever comes, goes, renews and dies", () => {
    const act = fc.record({ holder: fc.constantFrom("a", "b", "c", "d", "e"), take: fc.boolean(), ms: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 50 }), fc.integer({ min: 1, max: 3 }), (acts, limit) => {
        let slots: readonly Slot[] = [];
        let nowMs = 0;
        for (const { holder, take, ms } of acts) {
          nowMs += ms;
          const wanted = slot(holder, nowMs + 45);
          slots = take ? (takeSlot(slots, wanted, limit, nowMs) ?? slots) : othersAlive(slots, holder, nowMs);
          if (slots.filter(({ untilMs }) => untilMs > nowMs).length > limit) return false;
          if (new Set(slots.map((each) => each.holder)).size !== slots.length) return false;
        }
        return true;
      }),
    );
  });
});
