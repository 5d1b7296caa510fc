import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorResult } from "../../lambdas/run/error-result.ts";

const bundle = "/var/task/function.mjs";

describe("what was thrown", () => {
  it("is kept with name, message and stack", () => {
    const result = errorResult(new TypeError("no such thing"), bundle);
    expect(result).toEqual({
      name: "TypeError",
      message: "no such thing",
      stack: expect.stringMatching(/^TypeError: no such thing\n/),
    });
  });

  it("speaks of the user's files by their path in the user's project", () => {
    const error = new Error("x");
    error.stack = "Error: x\n    at a (file:///var/task/defer/a.ts:3:1)\n    at b (/var/task/src/b.ts:1:1)";
    expect(errorResult(error, bundle).stack).toBe("Error: x\n    at a (defer/a.ts:3:1)\n    at b (src/b.ts:1:1)");
  });

  it("keeps the cause, and does not follow a ring of causes for ever", () => {
    const error = new Error("outer", { cause: new Error("inner") });
    expect(errorResult(error, bundle)).toMatchObject({ cause: { name: "Error", message: "inner" } });
    const ring = new Error("ring");
    ring.cause = ring;
    expect(JSON.stringify(errorResult(ring, bundle))).toContain("ring");
    expect(errorResult(new Error("x", { cause: "text" }), bundle).cause).toBe("text");
  });

  it.each([
    ["a text", "boom", "boom"],
    ["undefined", undefined, "undefined"],
    ["null", null, "null"],
    ["an object", { code: 1 }, '{"code":1}'],
    ["a symbol", Symbol("s"), "Symbol(s)"],
  ])("is an error even if it is %s", (_, thrown, message) => {
    expect(errorResult(thrown, bundle)).toEqual({ name: "Error", message, stack: `Error: ${message}` });
  });

  it("always has the same shape and can be written as JSON", () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const result = JSON.parse(JSON.stringify(errorResult(thrown, bundle))) as Record<string, unknown>;
        expect([typeof result["name"], typeof result["message"], typeof result["stack"]]).toEqual([
          "string",
          "string",
          "string",
        ]);
      }),
    );
  });
});
