import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dispatchPlan, mayBeWithTimer } from "../../lambdas/core/dispatch-plan.ts";

describe("a dispatch", () => {
  it.each([
    ["due long ago", -60_000, { to: "function", delaySeconds: 0 }],
    ["due now", 0, { to: "function", delaySeconds: 0 }],
    ["due within half a second", 499, { to: "function", delaySeconds: 0 }],
    ["due within the second", 999, { to: "function", delaySeconds: 1 }],
    ["due in 1.4 s", 1_400, { to: "function", delaySeconds: 1 }],
    ["due in 15 minutes", 900_000, { to: "function", delaySeconds: 900 }],
    ["due in 15 minutes and a bit", 900_499, { to: "function", delaySeconds: 900 }],
    ["due later than queues reach", 900_500, { to: "timer", atMs: 1_780_500 }],
    ["due in an hour", 3_600_000, { to: "timer", atMs: 4_480_000 }],
  ])("of what is %s", (_, aheadMs, expected) => {
    expect(dispatchPlan(1_000_000 + aheadMs, false, 1_000_000)).toEqual(expected);
  });

  it("to a FIFO queue waits in the fire queue, for a FIFO queue takes no delay", () => {
    expect(dispatchPlan(5_000, true, 0)).toEqual({ to: "fire", delaySeconds: 5 });
    expect(dispatchPlan(499, true, 0)).toEqual({ to: "function", delaySeconds: 0 });
  });

  it("is half a second too early or late at most in the queues, two minutes ahead at the timer", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.boolean(), (aheadMs, fifo) => {
        const plan = dispatchPlan(aheadMs, fifo, 0);
        if (plan.to === "timer") {
          // Scheduler fires up to a minute late, and refuses what is past.
          expect(plan.atMs).toBe(aheadMs - 120_000);
          expect(plan.atMs).toBeGreaterThan(60_000);
          return;
        }
        expect(Number.isInteger(plan.delaySeconds)).toBe(true);
        expect(plan.delaySeconds).toBeGreaterThanOrEqual(0);
        expect(plan.delaySeconds).toBeLessThanOrEqual(900);
        const restMs = Math.max(0, aheadMs) - plan.delaySeconds * 1000;
        expect(Math.abs(restMs)).toBeLessThanOrEqual(500);
        if (plan.to === "function" && fifo) expect(plan.delaySeconds).toBe(0);
      }),
    );
  });
});

describe("what may still be with the timer", () => {
  it.each([
    ["sent an hour ahead, and not due yet", 3_600_000, 0, 1_000, true],
    ["sent an hour ahead, and due", 3_600_000, 0, 3_600_000, false],
    ["sent ten minutes ahead", 600_000, 0, 1_000, false],
  ])("%s: %s", (_, scheduledAtMs, sentAtMs, nowMs, expected) => {
    expect(mayBeWithTimer(scheduledAtMs, sentAtMs, nowMs)).toBe(expected);
  });
});
