import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anId } from "../../../harness/an-execution.ts";
import { countedFailure, type FailureBucket, groupOf, HOUR_MS, hourOf } from "../../../lambdas/core/failures/group.ts";

const bucket = (hour: number, count: number, lastAtMs = hour * HOUR_MS + 5): FailureBucket => ({
  ...{ hour, count, firstAtMs: hour * HOUR_MS, lastAtMs, functionName: "f", errorName: "Error" },
  ...{ message: `at ${lastAtMs}`, sample: anId },
});

describe("a failure group", () => {
  it("sums its shards by hour, and tells of the last", () => {
    const group = groupOf("x", [bucket(7, 2), bucket(5, 1), bucket(7, 3, 7 * HOUR_MS + 9)], undefined);
    expect(group).toMatchObject({
      ...{
        state: "open",
        count: 6,
        message: `at ${7 * HOUR_MS + 9}`,
        firstAtMs: 5 * HOUR_MS,
        lastAtMs: 7 * HOUR_MS + 9,
      },
      byHour: [
        { hour: 5, count: 1 },
        { hour: 7, count: 5 },
      ],
    });
    expect(groupOf("x", [], undefined)).toBeUndefined();
  });

  it.each([
    ["resolved", 7 * HOUR_MS + 5, "resolved"],
    ["resolved", 7 * HOUR_MS + 4, "open"],
    ["ignored", 7 * HOUR_MS + 4, "ignored"],
  ] as const)("that was %s at %d is %s", (state, atMs, expected) => {
    const group = groupOf("x", [bucket(7, 1)], { state, atMs, by: "admin" });
    expect(group?.state).toBe(expected);
    expect(group?.resolution === undefined).toBe(expected === "open");
  });

  it("fits into one write unit, whatever was thrown", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), fc.string({ unit: "binary" }), (message, name) => {
        const failure = countedFailure(
          "f".repeat(32),
          { id: anId, functionName: "f".repeat(52) },
          { name, message, stack: "" },
          1,
        );
        expect(Buffer.byteLength(JSON.stringify(failure.message))).toBeLessThan(2_500);
        expect(Buffer.byteLength(failure.message)).toBeLessThanOrEqual(400);
        expect(Buffer.byteLength(failure.errorName)).toBeLessThanOrEqual(100);
        expect(failure.message.isWellFormed()).toBe(true);
      }),
    );
    expect(hourOf(HOUR_MS)).toBe(1);
  });
});
