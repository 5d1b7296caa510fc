import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "../../../bin/terminal/printable.ts";

describe("somebody else's text on a terminal", () => {
  it.each([
    ["\u001b[2Jgone", "\\x1b[2Jgone"],
    ["\u001b]0;title\u0007", "\\x1b]0;title\\x07"],
    ["over\rwritten", "over\\x0dwritten"],
    ["\u009b31m", "\\x9b31m"],
    ["\u202Etxt.exe", "\\u202etxt.exe"],
    ["größe\t→ 👍\n  at x", "größe\t→ 👍\n  at x"],
  ])("is shown, not acted on: %j", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("has no control character but tab and newline, whatever it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/(?![\t\n])\p{Cc}/u);
      }),
    );
  });
});
