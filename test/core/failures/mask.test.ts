import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskMessage } from "../../../lambdas/core/failures/mask.ts";

describe("a masked message", () => {
  it.each([
    ["connect ECONNREFUSED 10.0.0.17:5432", "connect ECONNREFUSED <n>:<n>"],
    ["Request failed with status code 503", "Request failed with status code <n>"],
    ["timeout of 30,000 ms exceeded after 1.5 s", "timeout of <n> ms exceeded after <n> s"],
    ['no contact "Ada Lovelace"', "no contact <text>"],
    ["Cannot read properties of undefined (reading 'name')", "Cannot read properties of undefined (reading <text>)"],
    ["can't find user 4711, didn't retry", "can't find user <n>, didn't retry"],
    ["order 01939a3c-0000-7000-8000-f29d313babcd is gone", "order <id> is gone"],
    ["order-17b was not found", "<id> was not found"],
    ["no such object: s3://bucket/a/b.json", "no such object: <path>"],
    ["GET https://api.test/v1/users/17?x=1 failed", "GET <path> failed"],
    ["ENOENT: no such file, open /tmp/upload-17/a.csv", "ENOENT: no such file, open <path>"],
    ["cannot open C:\\Users\\ada\\a.csv: denied", "cannot open <path>: denied"],
    ["cannot open ../data/a.csv", "cannot open <path>"],
    ["mail to ada.lovelace@example.com bounced", "mail to <id> bounced"],
    ["token abc_123DEF expired\n  at line 3", "token <id> expired at line <n>"],
    ["and/or", "and/or"],
    ["", ""],
  ])("of %j is %j", (message, masked) => {
    expect(maskMessage(message)).toBe(masked);
  });

  it("has no digit left, and is there in time, whatever it is made from", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 3_000 }),
      fc
        .array(fc.constantFrom("'", '"', "`", "/", "\\", "a", "1", "<", ">", "@", ".", "-", "~", "://", " ", "\n"))
        .map((it) => it.join("")),
      fc.constantFrom(
        "a".repeat(9_999),
        "/".repeat(9_999),
        "'".repeat(9_999),
        "1a-".repeat(3_333),
        "a@".repeat(5_000),
        "a.".repeat(5_000),
      ),
    );
    fc.assert(
      fc.property(hostile, (message) => {
        expect(maskMessage(message)).not.toMatch(/\d/);
      }),
    );
  });

  it("is the same whatever number, id, quoted text or path is in it", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const values = fc.record({
      number: fc.nat(),
      id: fc.uuid(),
      path: fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`),
      quoted: fc.stringMatching(/^[^"\n]{0,30}$/),
    });
    const message = ({ number, id, path, quoted }: { number: number; id: string; path: string; quoted: string }) =>
      `row ${number} of "${quoted}" in ${path} for ${id}`;
    fc.assert(
      fc.property(values, (it) => {
        expect(maskMessage(message(it))).toBe("row <n> of <text> in <path> for <id>");
      }),
    );
  });
});
