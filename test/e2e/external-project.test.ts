import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { caller } from "../../harness/caller.ts";
import { aProject } from "../support/a-project.ts";
import { readyEnvironment, startDev } from "../support/dev-process.ts";

describe("a project beside ours", () => {
  it("is served as it is: paths, nested folders, CommonJS, .mjs, and no tests", async () => {
    await using project = await aProject({
      "package.json": '{ "name": "that" }',
      "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      "src/greeting.ts": "export const greeting: string = 'hello';",
      "src/defer/nested/deeper/withPaths.ts": `
        import { defer } from "@defer/client";
        import { greeting } from "@/greeting";
        export default defer(async function withPaths(name: string) { return greeting + " " + name; });`,
      "src/defer/common.cjs": `
        const { defer } = require("@defer/client");
        const { basename } = require("node:path");
        module.exports = defer(async function common(path) { return basename(path); });`,
      "src/defer/module.mjs": `
        import { defer } from "@defer/client";
        const loaded = await Promise.resolve("loaded");
        export default defer(async function module_() { return loaded; });`,
      "src/defer/withPaths.test.ts": "throw new Error('a test is not a function');",
      "src/defer/test/helper.ts": "throw new Error('nor is what tests use');",
    });
    const dev = startDev(["--functions", join(project.directory, "src/defer")]);
    try {
      const calls = caller(await readyEnvironment(dev));
      const results = await Promise.all(
        [["withPaths", "Ada"], ["common", "/a/b.txt"], ["module_"]].map(async ([name, ...args]) => {
          const id = await calls.enqueue(name ?? "", args);
          await calls.ended(id);
          return calls.result(id);
        }),
      );
      expect(results).toEqual(["hello Ada", "b.txt", "loaded"]);
    } finally {
      expect(await dev.stop()).toBe(0);
    }
  });
});
