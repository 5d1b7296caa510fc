import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aCreated, aNewId, anId, aStarted } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import {
  emptySlots,
  isHeldBy,
  isLapsed,
  laneOf,
  limitOf,
  ownSlots,
  pauseLaneOf,
  type Slot,
} from "../../lambdas/core/lanes.ts";

const aSlot = (changes: Partial<Slot> = {}): Slot => {
  return { number: 0, executionId: anId, attempt: 1, revision: 0, untilMs: 20_000, ...changes };
};
const deployed = (name: string) => memoryPorts().functions.get(name) ?? expect.unreachable();

describe("the lane of an execution", () => {
  it.each([
    ["twoAtMost", { customer: "acme" }, "=", 2, "reject"],
    ["perCustomer", { customer: "acme" }, "customer=acme", 2, "park"],
    ["perCustomer", {}, "customer=", 2, "park"],
    ["perCustomer", { customer: "a=b#c" }, "customer=a=b#c", 2, "park"],
  ])("of %s with %j is %s", (functionName, metadata: Record<string, string>, name, limit, whenFull) => {
    const lane = { functionId: functionId(functionName), functionName, name };
    expect(laneOf(deployed(functionName), aCreated({ metadata }))).toEqual({ lane, limit, whenFull });
    expect(limitOf(deployed(functionName), lane)).toBe(limit);
  });

  it("is none where nothing is limited by slots", () => {
    expect(laneOf(deployed("importContacts"), aCreated({ metadata: { customer: "acme" } }))).toBeUndefined();
    expect(laneOf(deployed("oneByOne"), aCreated())).toBeUndefined();
  });

  it("has no limit any more once its function is deployed with another key", () => {
    const { lane } = laneOf(deployed("perCustomer"), aCreated({ metadata: { customer: "acme" } })) ?? {};
    const other = { ...deployed("perCustomer"), concurrency: { per: "tenant", limit: 1 } };
    expect(lane && limitOf(other, lane)).toBe(Infinity);
  });

  it("of a pause cannot be mistaken for one of a value", () => {
    expect(pauseLaneOf(aCreated(), 4).name).toMatch(/^pause#[0-3]$/);
  });
});

describe("a slot", () => {
  it("counts only for the number, attempt and execution that runs in it", () => {
    const running = aStarted({ slot: 3 });
    expect(isHeldBy(aSlot({ number: 3 }), running)).toBe(true);
    expect(isHeldBy(aSlot({ number: 3 }), { ...running, state: "aborting" })).toBe(true);
    expect(isHeldBy(aSlot({ number: 2 }), running)).toBe(false);
    expect(isHeldBy(aSlot({ number: 3, attempt: 2 }), running)).toBe(false);
    expect(isHeldBy(aSlot({ number: 3, executionId: aNewId() }), running)).toBe(false);
    expect(isHeldBy(aSlot({ number: 3 }), aCreated())).toBe(false);
    expect(isHeldBy(aSlot({ number: 3 }), undefined)).toBe(false);
  });

  it("has lapsed only by every clock", () => {
    expect(isLapsed(aSlot(), 79_999)).toBe(false);
    expect(isLapsed(aSlot(), 80_000)).toBe(true);
  });

  it("is its attempt's own for the same revision; of two the first", () => {
    const slots = [aSlot({ number: 5 }), aSlot({ number: 2 }), aSlot({ number: 1, attempt: 2 })];
    expect(ownSlots(slots, aCreated())[0]?.number).toBe(2);
    expect(ownSlots(slots, aCreated({ revision: 1 }))).toEqual([]);
  });

  it("is empty below the limit only, and none is while as many are taken", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 20 })),
        fc.integer({ min: 1, max: 10 }),
        (numbers, limit) => {
          const slots = numbers.map((number) => aSlot({ number }));
          const empty = emptySlots(slots, limit);
          expect(empty.every((number) => number < limit && !numbers.includes(number))).toBe(true);
          expect(empty.length > 0).toBe(numbers.length < limit);
        },
      ),
    );
  });
});
