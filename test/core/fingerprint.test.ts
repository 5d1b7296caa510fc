import { describe, expect, it } from "vitest";
import { fingerprintOf } from "../../lambdas/core/fingerprint.ts";

describe("a fingerprint", () => {
  it("is the same whatever the order of the fields", () => {
    expect(fingerprintOf({ a: 1, b: { c: [2], d: 3 } })).toBe(fingerprintOf({ b: { d: 3, c: [2] }, a: 1 }));
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, [["a", 1]]],
    [{ a: undefined }, { a: null }],
    [JSON.parse('{"__proto__": 1}'), {}],
  ])("differs for %j and %j", (one, other) => {
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });
});
