import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findFunctions, projectRoot } from "../../builder/find-functions.ts";
import { aProject } from "../support/a-project.ts";

describe("the files of functions", () => {
  const found = ["js", "jsx", "ts", "tsx", "cjs", "cts", "mjs", "mts", "cjsx", "mjsx", "ctsx", "mtsx"].map(
    (end) => `a.${end}`,
  );
  const leftOut = [
    "a.json",
    "a.md",
    "a",
    "a.d.ts",
    "a.d.mts",
    "a.spec.ts",
    "a.test.js",
    "a_spec.ts",
    "a_test.mjs",
    "a.test.helper.ts",
    "a.d.cts",
    ".eslintrc.cjs",
    ".#a.ts",
    "spec/a.ts",
    "specs/a.ts",
    "test/a.ts",
    "tests/a.ts",
    "deep/tests/a.ts",
    "node_modules/x/a.js",
    ".hidden/a.ts",
  ];
  const nested = ["deep/er/b.ts", "contest.ts", "latest/c.ts", "spec.ts", "test.ts"];

  it("are those that Defer took, in nested folders too, in the same order everywhere", async () => {
    await using project = await aProject(
      Object.fromEntries([...found, ...leftOut, ...nested].map((path) => [`defer/${path}`, ""])),
    );
    const directory = join(project.directory, "defer");
    expect(await findFunctions(directory)).toEqual([...found, ...nested].map((path) => join(directory, path)).sort());
  });

  it.each([
    ["a folder that is not there", "nope", /the folder of functions .*nope does not exist; make it, or /],
    ["a file", "package.json", /package\.json is not a folder; /],
    ["a folder without functions", "empty", /there are no functions in .*empty; /],
  ])("cannot be found in %s", async (_, path, message) => {
    await using project = await aProject({ "package.json": "{}", "empty/readme.md": "" });
    await expect(findFunctions(join(project.directory, path))).rejects.toThrow(message);
  });
});

describe("the user's project", () => {
  it("is the nearest folder with a package.json, or else where the functions lie", async () => {
    await using project = await aProject({
      "package.json": "{}",
      "apps/web/package.json": "{}",
      "apps/web/src/defer/a.ts": "",
    });
    expect(projectRoot(join(project.directory, "apps/web/src/defer"))).toBe(join(project.directory, "apps/web"));
    expect(projectRoot(join(project.directory, "apps"))).toBe(project.directory);
  });
});
