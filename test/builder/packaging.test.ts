import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { aFunction, aFunctionProject, aPackage } from "../support/function-project.ts";

const plain = aPackage("plain", { dependencies: { inner: "1" } }, { "index.js": 'exports.x = require("inner");' });
const files = { ...plain, ...aPackage("inner", {}, { "index.js": "module.exports = 1;" }) };

describe("config.external", () => {
  it.each([
    ["a.ts", 'export const config = { external: ["plain"] } satisfies object;'],
    ["a.tsx", 'export const config: { external: string[] } = { fresh: true, "external": [`plain`] } as any;'],
    ["a.mjs", 'const config = { external: ["plain"] };\nexport { config };'],
  ])("keeps a package out of the bundle, in %s", async (name, config) => {
    const source = aFunction("outside", "return x;", `import { x } from "plain";\n${config}`);
    await using project = await aFunctionProject({ ...files, [`defer/${name}`]: source });
    expect(await project.beside("outside")).toEqual(["inner", "plain"]);
    expect(await project.call("outside")).toBe(1);
  });

  it("lays a package beside the bundle that nothing imports", async () => {
    const source = `const { defer } = require("@defer/client"); module.exports.config = { external: ["plain"] };
      async function late() { return require(["pl", "ain"].join("")).x; } module.exports.default = defer(late);`;
    await using project = await aFunctionProject({ ...files, "defer/a.cjs": source });
    expect(await project.call("late")).toBe(1);
  });

  it.each([
    [
      "is not installed",
      '{ external: ["nowhere"] }',
      "config.external: nowhere is not installed; run: npm install nowhere",
    ],
    [
      "is computed",
      "{ external: [name] }",
      "config.external must be a list of texts, written out: it is read before the file runs",
    ],
    [
      "is no list",
      '{ external: "plain" }',
      "config.external must be a list of texts, written out: it is read before the file runs",
    ],
  ])("is refused where it %s", async (_, config, message) => {
    const source = aFunction("refused", "", `const name = "plain"; export const config = ${config};`);
    await expect(aFunctionProject({ ...files, "defer/a.js": source })).rejects.toThrow(`defer/a.js: ${message}`);
  });
});

describe("config.include", () => {
  it("lays files of the project beside the bundle, under their own paths", async () => {
    const config = 'export const config = { include: ["templates/**/*.hbs", "fonts"] };';
    await using project = await aFunctionProject({
      "templates/mail/hello.hbs": "Hello",
      "templates/mail/README.md": "",
      "fonts/a.ttf": "font",
      "defer/a.ts": aFunction("mail", "return 1;", config),
    });
    const folder = project.functions[0]?.directory ?? "";
    expect(await readFile(join(folder, "templates/mail/hello.hbs"), "utf-8")).toBe("Hello");
    expect(await readFile(join(folder, "fonts/a.ttf"), "utf-8")).toBe("font");
    await expect(readFile(join(folder, "templates/mail/README.md"))).rejects.toThrow("ENOENT");
    expect(project.inputs.map((path) => path.split(dirname(path)).at(-1))).toContain("/hello.hbs");
  });

  it.each([
    [
      "matches nothing",
      "fonts/*.ttf",
      "config.include: there is no fonts/*.ttf; paths are seen from the folder of package.json",
    ],
    [
      "leads out of the project",
      "../secrets",
      "config.include: ../secrets leads out of the project; name files of the project, without ..",
    ],
    [
      "is absolute",
      "/etc/passwd",
      "config.include: /etc/passwd leads out of the project; name files of the project, without ..",
    ],
  ])("is refused where it %s", async (_, pattern, message) => {
    const source = aFunction("refused", "", `export const config = { include: ["${pattern}"] };`);
    await expect(aFunctionProject({ "defer/a.ts": source })).rejects.toThrow(`defer/a.ts: ${message}`);
  });
});
