import { expect, it } from "vitest";
import { aFunction, aFunctionProject } from "../support/function-project.ts";

it("module, exports, require and require.main exist as for a module that another one has loaded", async () => {
  await using project = await aFunctionProject({
    "defer/a.ts": `${aFunction("nightly", 'return "ran";')}\ndeclare const require: any, module: any;\nif (require.main === module) throw new Error("not the main module");`,
    "defer/b.js": `${aFunction("hourly", "return [typeof module.exports, module.filename === __filename, exports.extra, __dirname.length > 1];")}
      if (!module.parent) throw new Error("not the main module"); exports.extra = 1;`,
    "defer/c.cjs": `const { defer } = require("@defer/client"); const path = require("path");
      async function weekly() { return [path.basename(__filename), typeof require.main.filename, require(["node:", "os"].join("")).EOL]; }
      if (require.main === module) throw new Error("not the main module"); module.exports = defer(weekly);`,
    "defer/d.mts": `${aFunction("yearly", "return [waited, import.meta.url.startsWith('file:'), own('node:path').sep];", 'import { createRequire } from "node:module"; const own = createRequire(import.meta.url); const waited = await Promise.resolve(1);')}
      if (require.main === own.main) throw new Error("not the main module");`,
  });
  expect(await project.call("nightly")).toBe("ran");
  expect(await project.call("hourly")).toEqual(["object", true, 1, true]);
  expect(await project.call("weekly")).toEqual(["function.mjs", "string", "\n"]);
  expect(await project.call("yearly")).toEqual([1, true, "/"]);
});
