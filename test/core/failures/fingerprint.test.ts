import { describe, expect, it } from "vitest";
import { errorFingerprint, isFingerprint } from "../../../lambdas/core/failures/fingerprint.ts";
import { functionId, functionTag } from "../../../lambdas/core/ids.ts";

const own = functionId("importContacts");
const stack = (line: number, file = "defer/importContacts.ts", name = "parse") =>
  [
    "Error: row 1",
    "    at Object.read (node:fs:1:1)",
    "    at lib (/var/task/node_modules/lib/index.js:5:5)",
    `    at ${name} (${file}:${line}:7)`,
    "    at importContacts (defer/importContacts.ts:3:9)",
  ].join("\n");
const error = { name: "Error", message: "row 17 is bad", stack: stack(10) };

describe("the fingerprint of an error", () => {
  const first = errorFingerprint(own, error);

  it.each([
    ["another row", { ...error, message: "row 18 is bad" }],
    ["another line of the same place", { ...error, stack: stack(99) }],
    ["other callers", { ...error, stack: `${stack(10)}\n    at more (defer/other.ts:1:1)` }],
  ])("is the same for %s", (_, other) => {
    expect(errorFingerprint(own, other)).toBe(first);
  });

  it.each([
    ["another name", own, { ...error, name: "TypeError" }],
    ["another message", own, { ...error, message: "column 17 is bad" }],
    ["another file", own, { ...error, stack: stack(10, "defer/other.ts") }],
    ["another function of the file", own, { ...error, stack: stack(10, undefined, "write") }],
    ["no stack", own, { ...error, stack: "" }],
    ["another deferred function", functionId("other"), error],
  ])("is another one for %s", (_, id, other) => {
    expect(errorFingerprint(id, other)).not.toBe(first);
  });

  it("begins with the function's tag", () => {
    expect(isFingerprint(first)).toBe(true);
    expect(first.startsWith(functionTag(own))).toBe(true);
    expect(isFingerprint(first.toUpperCase())).toBe(false);
  });
});
