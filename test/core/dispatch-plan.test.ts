import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dispatchPlan } from "../../lambdas/core/dispatch-plan.ts";

describe("a dispatch", () => {
  it.each([
    ["due long ago", -60_000, { to: "function", delaySeconds: 0 }],
    ["due now", 0, { to: "function", delaySeconds: 0 }],
    ["due within the second", 999, { to: "function", delaySeconds: 0 }],
    ["due in 1.5 s", 1_500, { to: "function", delaySeconds: 1 }],
    ["due in 15 minutes", 900_000, { to: "function", delaySeconds: 900 }],
    ["due in an hour", 3_600_000, { to: "function", delaySeconds: 900 }],
  ])("of what is %s", (_, aheadMs, expected) => {
    expect(dispatchPlan(1_000_000 + aheadMs, false, 1_000_000)).toEqual(expected);
  });

  it("to a FIFO queue waits in the fire queue, for a FIFO queue takes no delay", () => {
    expect(dispatchPlan(5_000, true, 0)).toEqual({ to: "fire", delaySeconds: 5 });
    expect(dispatchPlan(999, true, 0)).toEqual({ to: "function", delaySeconds: 0 });
  });

  it("is never later than due, never a second too early within reach, and SQS always takes it", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.boolean(), (aheadMs, fifo) => {
        const { to, delaySeconds } = dispatchPlan(aheadMs, fifo, 0);
        expect(Number.isInteger(delaySeconds)).toBe(true);
        expect(delaySeconds).toBeGreaterThanOrEqual(0);
        expect(delaySeconds).toBeLessThanOrEqual(900);
        expect(delaySeconds * 1000).toBeLessThanOrEqual(Math.max(0, aheadMs));
        if (aheadMs <= 900_000) expect(Math.max(0, aheadMs) - delaySeconds * 1000).toBeLessThan(1000);
        if (to === "function" && fifo) expect(delaySeconds).toBe(0);
      }),
    );
  });
});
