import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NonRetriableError, RetryAfterError } from "../../client/function.ts";
import { retryRequest } from "../../lambdas/run/retry-request.ts";

const NOW_MS = Date.parse("2026-11-29T12:00:00Z");
const YEAR_MS = 31_536_000_000;

const withRetryAfter = (retryAfter: unknown) => Object.assign(new Error("later"), { retryAfter });

describe("what a function throws asks for", () => {
  it.each<[string, unknown, ReturnType<typeof retryRequest>]>([
    ["no attempt", { retryable: false }, "never"],
    ["no attempt, whenever that would be", { retryable: false, retryAfter: 5 }, "never"],
    ["no attempt, by our class", new NonRetriableError("no such customer"), "never"],
    ["seconds, by our class", new RetryAfterError("busy", 30), { afterMs: 30_000 }],
    ["a date, by our class", new RetryAfterError("busy", new Date(NOW_MS + 1_234)), { afterMs: 1_234 }],
    ["a date of another realm", { retryAfter: runInNewContext(`new Date(${NOW_MS + 50})`) }, { afterMs: 50 }],
    ["a date that is past", withRetryAfter(new Date(0)), { afterMs: 0 }],
    ["seconds below zero", withRetryAfter(-1), { afterMs: 0 }],
    ["more than a year", withRetryAfter(1e9), { afterMs: YEAR_MS }],
    ["for ever", withRetryAfter(Infinity), { afterMs: YEAR_MS }],
    ["an invalid date", withRetryAfter(new Date(Number.NaN)), undefined],
    ["no number", withRetryAfter(Number.NaN), undefined],
    ["a text", withRetryAfter("120"), undefined],
    ["what only looks like a date", withRetryAfter(Object.create(Date.prototype)), undefined],
    ["retryable, which says nothing", { retryable: true }, undefined],
    ["retryable by a text", { retryable: "false" }, undefined],
    ["nothing, as a text", "retryable", undefined],
    ["nothing, as null", null, undefined],
  ])("%s", (_, thrown, expected) => {
    expect(retryRequest(thrown, NOW_MS)).toEqual(expected);
  });

  it("is found or not, and never a failure, whatever is thrown", () => {
    const hostile = fc.constantFrom(
      new Proxy({}, { get: () => fail() }),
      Object.defineProperty({}, "retryAfter", { get: fail }),
      withRetryAfter(new Proxy(new Date(), { get: () => fail() })),
      withRetryAfter({ getTime: fail, valueOf: fail }),
    );
    const anything = fc.oneof(
      hostile,
      fc.anything(),
      fc.record({ retryable: fc.anything(), retryAfter: fc.anything() }),
    );
    fc.assert(
      fc.property(anything, (thrown) => {
        const request = retryRequest(thrown, NOW_MS);
        if (typeof request !== "object") return request === undefined || request === "never";
        return Number.isInteger(request.afterMs) && request.afterMs >= 0 && request.afterMs <= YEAR_MS;
      }),
    );
  });

  it("is the time that was named, to the millisecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: YEAR_MS }), (afterMs) => {
        expect(retryRequest(withRetryAfter(new Date(NOW_MS + afterMs)), NOW_MS)).toEqual({ afterMs });
        expect(retryRequest(withRetryAfter(afterMs / 1000), NOW_MS)).toEqual({ afterMs });
      }),
    );
  });
});

function fail(): never {
  throw new Error("no");
}
