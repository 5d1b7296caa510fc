import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "console/README.md",
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** The folders of the repository: a path in code font that begins with one must exist. */
const ROOT = /^(bin|lib|builder|lambdas|local|client|console|scripts|bench|docs|examples|test|defer)\//;

describe.each(pages)("%s", (page) => {
  const text = readFileSync(page, "utf-8");

  it("links to files that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target = ""]) => target);
    expect(links.filter((target) => !existsSync(join(dirname(page), target)))).toEqual([]);
  });

  it("names paths that exist", () => {
    const paths = [...text.matchAll(/`([\w./-]+)`/g)].map(([, path = ""]) => path).filter((path) => ROOT.test(path));
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
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
