import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatJson, tokensOf } from "../../console/src/json/tokens.ts";

describe("a JSON text", () => {
  it("is laid out as JSON.stringify does it", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        // The next test is about numbers that JSON.parse changes.
        fc.pre(JSON.stringify(value) === text);
        expect(formatJson(text)).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it.each(["12345678901234567890", "1e400", "1.0", "-0.10", "1E+2"])(
    "keeps the number %s as it was written",
    (number) => {
      expect(formatJson(`[${number}]`)).toBe(`[\n  ${number}\n]`);
    },
  );

  it("that is none keeps all its characters", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const kept = tokensOf(text).map((token) => token.text);
        expect(kept.join("").replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
      }),
    );
  });

  it("tells keys from strings", () => {
    expect(tokensOf('{"a":"b"}').map(({ kind }) => kind)).toEqual([
      "punctuation",
      "key",
      "punctuation",
      "string",
      "punctuation",
    ]);
  });
});
