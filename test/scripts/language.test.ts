import { describe, expect, it } from "vitest";
import { findings } from "../../scripts/language/findings.ts";
import { tooLong } from "../../scripts/language/width.ts";
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

  it.each(["Where it runs.", "Which page it is.", "Those that failed.", "That it runs."])(
    "finds a docstring that begins: %s",
    (text) => {
      expect(adviceFor(`  /** ${text} */`)).toEqual([{ line: 1, advice: opener }]);
      expect(adviceFor(`/**\n * ${text}\n */`)).toEqual([{ line: 2, advice: opener }]);
      // A remark is a sentence, which may begin with its condition.
      expect(adviceFor(`// ${text}`)).toEqual([]);
    },
  );

  it("does not take the second line of a comment for a beginning, nor code for a comment", () => {
    expect(adviceFor("// The retry is\n// What follows.\n/**\n * Returns\n * Who asks.\n */\nWhat(1);")).toEqual([]);
  });
});

describe("the check of width", () => {
  const long = "words ".repeat(21);
  const linesOf = (file: string, source: string) => tooLong(file, source).map(({ line }) => line);

  it("finds comments of more than 120 columns, and no code", () => {
    expect(linesOf("some.ts", `/** ${long}*/\n * ${long}\n// ${long}\nconst text = "${long}";`)).toEqual([1, 2, 3]);
  });

  it("finds prose of pages, and no tables, blocks of code and links", () => {
    const page = [long, "```sh", long, "```", `| ${long} |`, `- [${long}](somewhere.md)`, `- ${long}`];
    expect(linesOf("some.md", page.join("\n"))).toEqual([1, 7]);
  });

  it("lets 120 columns pass, and what a linter is told", () => {
    const line = `// ${long}`.slice(0, 119);
    expect(linesOf("some.ts", `${line}.\n${line}..\n// biome-ignore lint/style/some: ${long}`)).toEqual([2]);
  });
});
