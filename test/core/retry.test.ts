import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryAfterMs } from "../../lambdas/core/retry.ts";

const policy = {
  maxAttempts: 3,
  initialIntervalSeconds: 30,
  multiplier: 1.5,
  maxIntervalSeconds: 60,
  randomizationFactor: 0.5,
};
const middle = 0.5;

describe("the wait before a retry", () => {
  it.each([
    [1, 30_000],
    [2, 45_000],
    [3, 60_000],
    [4, undefined],
  ])("after attempt %i is %s ms in the middle", (attempt, expected) => {
    expect(retryAfterMs(policy, attempt, middle)).toBe(expected);
  });

  it("is none without retries", () => {
    expect(retryAfterMs({ ...policy, maxAttempts: 0 }, 1, middle)).toBeUndefined();
  });

  it("keeps half seconds and fractions", () => {
    expect(retryAfterMs({ ...policy, initialIntervalSeconds: 0.25 }, 1, middle)).toBe(250);
  });

  const policies = fc.record({
    maxAttempts: fc.integer({ min: 1, max: 20 }),
    initialIntervalSeconds: fc.double({ min: 0, max: 1000, noNaN: true }),
    multiplier: fc.double({ min: 0, max: 10, noNaN: true }),
    maxIntervalSeconds: fc.double({ min: 0, max: 10_000, noNaN: true }),
    randomizationFactor: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it("lies within the factor around the exact wait, which is maxInterval at most", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 20 }), random, (some, attempt, at) => {
        const wait = retryAfterMs(some, attempt, at);
        if (attempt > some.maxAttempts) return wait === undefined;
        const exact =
          1000 * Math.min(some.maxIntervalSeconds, some.initialIntervalSeconds * some.multiplier ** (attempt - 1));
        const spread = exact * some.randomizationFactor;
        return wait !== undefined && wait >= exact - spread - 1 && wait <= exact + spread + 1 && wait >= 0;
      }),
    );
  });

  it("is a number, however often it has grown", () => {
    const endless = { ...policy, maxAttempts: 1e6, multiplier: 10, maxIntervalSeconds: 600, randomizationFactor: 0 };
    expect(retryAfterMs(endless, 1e6, 0)).toBe(600_000);
    expect(retryAfterMs({ ...endless, initialIntervalSeconds: 0 }, 1e6, 0)).toBe(0);
  });

  const request = fc.oneof(fc.constant("never" as const), fc.record({ afterMs: fc.integer({ min: 0, max: 3e10 }) }));

  it("is what the error asks for, and none once no retry is left, whatever it asks for", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 20 }), random, request, (some, attempt, at, asked) => {
        const wait = retryAfterMs(some, attempt, at, asked);
        if (asked === "never" || attempt > some.maxAttempts) return wait === undefined;
        return wait === asked.afterMs;
      }),
    );
  });

  it("grows with the random number, over the whole span", () => {
    expect(retryAfterMs(policy, 1, 0)).toBe(15_000);
    expect(retryAfterMs(policy, 1, 0.999_999)).toBe(45_000);
  });
});
