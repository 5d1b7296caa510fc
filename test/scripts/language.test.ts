import { describe, expect, it } from "vitest";
import { findings } from "../../scripts/language/findings.ts";
import { words } from "../../scripts/language/words.ts";

const adviceFor = (source: string) => findings("some.ts", source).map(({ line, advice }) => ({ line, advice }));

describe("the check of words", () => {
  it.each(words)("finds: $example", ({ instead, example }) => {
    expect(adviceFor(`\n${example}`)).toEqual([{ line: 2, advice: instead }]);
  });

  it.each([
    "Executions start late, most of them.",
    "The page is written to the bucket; scrolling down loads more.",
    "Narrows the list down to what failed.",
    'await page.keyboard.press("End");',
    "The attempt has ended.",
  ])("lets pass: %s", (text) => {
    expect(adviceFor(text)).toEqual([]);
  });
});

describe("the check of openers", () => {
  const opener = "begin with the subject or a verb";

  it.each(["What a worker has.", "Who asks.", "Of the HTTP API.", "So long as it runs.", "Where nothing is due."])(
    "finds a comment that begins: %s",
    (text) => {
      expect(adviceFor(`/** ${text} */`)).toEqual([{ line: 1, advice: opener }]);
      expect(adviceFor(`/**\n * ${text}\n */`)).toEqual([{ line: 2, advice: opener }]);
      expect(adviceFor(`// ${text}`)).toEqual([{ line: 1, advice: opener }]);
    },
  );

  it("does not take the second line of a comment for a beginning, nor code for a comment", () => {
    expect(adviceFor("// The retry is\n// What follows.\n/**\n * Returns\n * Who asks.\n */\nWhat(1);")).toEqual([]);
  });
});
