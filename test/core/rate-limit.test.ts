import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intervalMs, type RateLimit, rateName, startMs } from "../../lambdas/core/rate-limit.ts";

/** Starts that `arrivals` are given, in the order in which they ask, whatever the clocks they ask by show. */
function startsOf(rate: RateLimit, arrivals: readonly number[]): number[] {
  let next = 0;
  return arrivals.map((nowMs) => {
    const arrivalMs = Math.max(next, nowMs);
    next = arrivalMs + intervalMs(rate);
    return startMs(arrivalMs, rate, nowMs);
  });
}

const rates = fc.record({
  limit: fc.integer({ min: 1, max: 50 }),
  periodSeconds: fc.integer({ min: 1, max: 60 }),
  burst: fc.integer({ min: 1, max: 20 }),
});

describe("a rate limit", () => {
  it("lets a burst start at once, and the others at an even pace", () => {
    const rate = { limit: 2, periodSeconds: 1, burst: 3 };
    expect(startsOf(rate, [1_000, 1_000, 1_000, 1_000, 1_000])).toEqual([1_000, 1_000, 1_000, 1_500, 2_000]);
    expect(startsOf({ ...rate, burst: 1 }, [1_000, 1_000, 5_000])).toEqual([1_000, 1_500, 5_000]);
  });

  it("lets no more than limit + burst start in any window of its period", () => {
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 200 }), (rate, arrivals) => {
        const starts = startsOf(
          rate,
          arrivals.toSorted((a, b) => a - b),
        );
        for (const from of starts) {
          const within = starts.filter((it) => it >= from && it < from + rate.periodSeconds * 1000);
          expect(within.length).toBeLessThanOrEqual(rate.limit + rate.burst);
        }
      }),
    );
  });

  it("gives nobody a start before somebody who asked earlier, nor before now", () => {
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 200 }), (rate, arrivals) => {
        const asked = arrivals.toSorted((a, b) => a - b);
        const starts = startsOf(rate, asked);
        expect(starts).toEqual(starts.toSorted((a, b) => a - b));
        expect(starts.every((it, index) => it >= (asked[index] as number))).toBe(true);
      }),
    );
  });

  it("holds with clocks that do not agree, as far as the one that is ahead", () => {
    const rate = { limit: 1, periodSeconds: 1, burst: 1 };
    expect(startsOf(rate, [60_000, 1_000, 2_000])).toEqual([60_000, 61_000, 62_000]);
  });

  it("is one for each value of its key, and one for all that lack it", () => {
    const rate = { limit: 1, periodSeconds: 1, burst: 1 };
    expect(rateName(rate, { provider: "a" })).toBe("=");
    expect(rateName({ ...rate, per: "provider" }, { provider: "a" })).toBe("provider=a");
    expect(rateName({ ...rate, per: "provider" }, {})).toBe("provider=");
  });
});
