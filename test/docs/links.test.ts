import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
  .toString()
  .split("\n")
  .filter((file) => existsSync(file));

// Decisions and the change log are history: what they name may be gone.
const pages = files.filter((file) => file.endsWith(".md") && !/^(docs\/decisions\/|CHANGELOG\.md$)/.test(file));
const sources = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !file.startsWith("test/fixtures/"));

/** The folders of the repository: a path in code font that begins with one must exist. */
const ROOT = /^(bin|lib|builder|lambdas|local|client|console|scripts|bench|harness|docs|examples|test|defer)\//;

/** Whether a command of this project writes it: a fresh checkout does not have it yet. */
const isIgnored = (path: string) => spawnSync("git", ["check-ignore", "-q", path]).status === 0;

describe.each(pages)("%s", (page) => {
  const text = readFileSync(page, "utf-8");

  it("links to files that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target = ""]) => target);
    expect(links.filter((target) => !existsSync(join(dirname(page), target)))).toEqual([]);
  });

  it("names paths that exist", () => {
    const paths = [...text.matchAll(/`([\w./-]+)`/g)].map(([, path = ""]) => path).filter((path) => ROOT.test(path));
    const exists = (path: string) => existsSync(path) || existsSync(join(dirname(page), path)) || isIgnored(path);
    expect(paths.filter((path) => !exists(path))).toEqual([]);
  });
});

describe("a comment", () => {
  const comments = sources.flatMap((file) =>
    readFileSync(file, "utf-8")
      .split("\n")
      .flatMap((line, index) => {
        const comment = /^\s*(?:\/\*\*|\*|\/\/)(.*)|\s\/\/ (.*)/.exec(line);
        return comment === null ? [] : [{ at: `${file}:${index + 1}`, text: comment[1] ?? comment[2] ?? "" }];
      }),
  );
  const missing = (names: RegExp, exists: (name: string) => boolean) =>
    comments.flatMap(({ at, text }) =>
      [...text.matchAll(names)].flatMap(([name]) => (exists(name) ? [] : [`${at} ${name}`])),
    );

  it("names paths that exist", () => {
    const PATH =
      /(?<![\w./@-])(?:bin|lib|builder|lambdas|local|client|console|scripts|bench|harness|docs|examples|test)\/[\w./-]*\w/g;
    // A decision is named by its number; `.node` files are those of packages.
    const exists = (path: string) => files.some((file) => file.startsWith(path)) || path.endsWith(".node");
    expect(missing(PATH, exists)).toEqual([]);
  });

  it("names files that exist", () => {
    const names = new Set(files.map((file) => basename(file)));
    expect(missing(/(?<![\w/.-])[\w-]+\.(?:tsx?|md)\b/g, (name) => names.has(name))).toEqual([]);
  });
});

it("docs/README.md lists every page of docs/", () => {
  const index = readFileSync("docs/README.md", "utf-8");
  const others = readdirSync("docs").filter((name) => name.endsWith(".md") && name !== "README.md");
  expect(others.filter((name) => !index.includes(`](${name})`))).toEqual([]);
});

describe("the decisions", () => {
  const decisions = readdirSync("docs/decisions").filter((name) => /^\d/.test(name));

  it("are all listed in the index", () => {
    const index = readFileSync("docs/decisions/README.md", "utf-8");
    expect(decisions.filter((name) => !index.includes(`(${name})`))).toEqual([]);
  });

  it("have a number each", () => {
    const numbers = decisions.map((name) => name.slice(0, 4));
    expect(new Set(numbers)).toHaveLength(numbers.length);
  });
});
