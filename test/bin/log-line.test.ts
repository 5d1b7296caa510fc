import { describe, expect, it } from "vitest";
import { formatLogLine } from "../../bin/dev/log-line.ts";

describe("a line of a Lambda's log in the terminal", () => {
  it.each([
    ["what user code wrote", { line: "hello", function: "f", executionId: "e" }, "f e | hello"],
    [
      "how an attempt ended",
      { message: "execution ended", function: "f", executionId: "e", state: "succeed", durationMs: 12 },
      "f e | succeed (12 ms)",
    ],
    [
      "that another attempt follows",
      {
        message: "attempt failed, another one follows",
        function: "f",
        executionId: "e",
        state: "created",
        errorCode: "ER0000",
        durationMs: 1,
      },
      "f e | attempt failed, another one follows, ER0000 (1 ms)",
    ],
    [
      "what went wrong",
      { level: "ERROR", message: "oh", error: { message: "no", stack: "Error: no\n  at" } },
      "Lambda | oh: Error: no\n  at",
    ],
    ["escape sequences as text", { line: "\u001b[31mred", function: "f", executionId: "e" }, "f e | \\x1b[31mred"],
    ["what came late", { line: "x", late: true, function: "f", executionId: "e" }, "f e | (after its end) x"],
    [
      "nothing of Node's own deprecations",
      { line: "(node:12) [DEP0040] DeprecationWarning: The `punycode` module is deprecated.", function: "f" },
      undefined,
    ],
    [
      "but those of packages",
      { line: "(node:12) DeprecationWarning: use x", function: "f", executionId: "e" },
      "f e | (node:12) DeprecationWarning: use x",
    ],
    ["nothing of the rest", { message: "request answered", status: 200 }, undefined],
  ])("shows %s", (_, line, shown) => {
    expect(formatLogLine("Lambda", JSON.stringify(line))).toBe(shown);
  });

  it.each(["plain", "{ no json"])("shows what is none of ours as it is: %s", (line) => {
    expect(formatLogLine("Lambda", line)).toBe(`Lambda | ${line}`);
  });
});
