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
    ["not a number", NaN, "NaN"],
    ["a BigInt", 1n, "1n"],
    ["an object with what JSON has no word for", { big: 1n, not: NaN }, '{"big":"1n","not":"NaN"}'],
    ["a function", () => 1, "() => 1"],
    ["nothing but a prototype", Object.create(null), "{}"],
  ])("is an error even if it is %s", (_, thrown, message) => {
    expect(errorResult(thrown, bundle)).toEqual({ name: "Error", message, stack: `Error: ${message}` });
  });

  it.each<[string, () => unknown, object]>([
    ["a cycle", () => Object.assign({}, ring()), { message: expect.stringContaining("Circular") }],
    ["a revoked proxy", revoked, { name: "Error", message: expect.any(String) }],
    ["a proxy that refuses everything", refusing, { name: "Error" }],
    ["getters that throw", () => throwing(new Error("x"), "name", "message", "stack", "code", "cause", "errors"), {}],
    ["a toJSON that throws", () => ({ toJSON: () => fail() }), { name: "Error" }],
    ["an inspection that throws", () => ({ toJSON: fail, [Symbol.for("nodejs.util.inspect.custom")]: fail }), {}],
    ["a name and a message that are no texts", () => Object.assign(new Error("x"), { name: 1n, message: {} }), {}],
    ["a cause that is a revoked proxy", () => new Error("x", { cause: revoked() }), { message: "x" }],
    ["errors that are a proxy", () => Object.assign(new Error("x"), { errors: revoked() }), { message: "x" }],
    ["a stack of 10 MB", () => Object.assign(new Error("x"), { stack: "s".repeat(1e7) }), { message: "x" }],
    ["an object of 10 MB", () => ({ text: "s".repeat(1e7) }), { name: "Error" }],
  ])("can always be described: %s", (_, thrown, expected) => {
    const result = errorResult(thrown(), bundle);
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result).length).toBeLessThan(100_000);
  });

  it("keeps its code", () => {
    expect(errorResult(Object.assign(new Error("x"), { code: "ENOENT" }), bundle).code).toBe("ENOENT");
    expect(errorResult(Object.assign(new Error("x"), { code: 11000 }), bundle).code).toBe(11000);
    expect(errorResult(Object.assign(new Error("x"), { code: { a: 1 } }), bundle)).not.toHaveProperty("code");
  });

  it("keeps the errors of an AggregateError, the first ones", () => {
    const errors = Array.from({ length: 1_000 }, (_, n) => new TypeError(`number ${n}`));
    const result = errorResult(new AggregateError([...errors.slice(0, 2), "text"], "all failed"), bundle);
    expect(result).toMatchObject({
      name: "AggregateError",
      message: "all failed",
      errors: [{ name: "TypeError", message: "number 0" }, { message: "number 1" }, { name: "Error", message: "text" }],
    });
    expect(errorResult(new AggregateError(errors), bundle).errors).toHaveLength(10);
    const nested = (depth: number): Error => new AggregateError(depth === 0 ? [] : Array(20).fill(nested(depth - 1)));
    expect(JSON.stringify(errorResult(nested(8), bundle)).length).toBeLessThan(100_000);
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

function fail(): never {
  throw new Error("no");
}

function ring(): object {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function refusing(): object {
  const trap = new Proxy({}, { get: () => fail });
  return new Proxy({}, trap);
}

function throwing(target: object, ...names: string[]): object {
  for (const name of names) Object.defineProperty(target, name, { get: fail });
  return target;
}
