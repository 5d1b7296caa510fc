import { execFile } from "node:child_process";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BuiltFunctions, buildFunctions } from "../../builder/build-functions.ts";
import { aProject } from "../support/a-project.ts";

// Projects as they are out there.

let outDirectory: string;
beforeEach(async () => {
  outDirectory = await mkdtemp(join(tmpdir(), "epoque-projects-"));
});
afterEach(() => rm(outDirectory, { recursive: true }));

const imports = 'import { defer } from "@defer/client";\n';

async function buildOf(files: Record<string, string>): Promise<BuiltFunctions> {
  await using project = await aProject({ "package.json": "{}", ...files });
  return await build(project.directory);
}

function build(project: string): Promise<BuiltFunctions> {
  return buildFunctions({ directory: join(project, "defer"), outDirectory, platform: "host" });
}

/**
 * Returns the result of each function, or the stack it fails with; called in a process of its own, as the runner does.
 */
async function results({ functions }: BuiltFunctions): Promise<Record<string, unknown>> {
  const script = `import { loadFunction } from ${JSON.stringify(resolve("lambdas/run/load-function.ts"))};
    const call = async (bundle) => { const { __fn } = await loadFunction(bundle); try { return await __fn(); } catch (error) { return error.stack; } };
    console.log(JSON.stringify(await call(process.argv[1]))); process.exit();`;
  const called = functions.map(async ({ manifest, directory }) => {
    const args = ["--enable-source-maps", "--input-type=module", "--eval", script, join(directory, "function.mjs")];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { PATH: process.env["PATH"], DEFER_TOKEN: "x" },
    });
    return [manifest.name, JSON.parse(stdout)] as const;
  });
  return Object.fromEntries(await Promise.all(called));
}

async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.sort().map(async (file) => [file.slice(folder.length), await readFile(file, "utf-8")] as const);
  return Object.fromEntries(await Promise.all(texts));
}

describe("every kind of source", () => {
  it("is built, in nested folders too", async () => {
    const typed = (name: string) =>
      `${imports}export default defer(async function ${name}(): Promise<string> { return "${name}"; });`;
    const plain = (name: string) => `${imports}export default defer(async function ${name}() { return "${name}"; });`;
    const required = (name: string) =>
      `const { defer } = require("@defer/client");\nmodule.exports = defer(async function ${name}() { return "${name}"; });`;
    const ends = { ts: typed, mts: typed, cts: typed, tsx: typed, ctsx: typed, mtsx: typed };
    const plainEnds = { js: plain, mjs: plain, jsx: plain, mjsx: plain, cjs: required, cjsx: required };
    const all = Object.entries({ ...ends, ...plainEnds });
    const built = await buildOf(
      Object.fromEntries(all.map(([end, source]) => [`defer/deep/er/of.${end}`, source(`of_${end}`)])),
    );
    expect(await results(built)).toEqual(Object.fromEntries(all.map(([end]) => [`of_${end}`, `of_${end}`])));
  });

  it("may be CommonJS that never heard of default exports, in a package of type commonjs", async () => {
    const built = await buildOf({
      "package.json": '{ "type": "commonjs" }',
      "defer/a.js": `const { defer } = require("@defer/client"); const fs = require("fs");
        module.exports = defer(async function old() { return [typeof fs.readFileSync, typeof require, typeof __dirname]; });`,
    });
    expect(await results(built)).toEqual({ old: ["function", "function", "string"] });
  });
});

describe("JSX", () => {
  const source = `${imports}const Mail = () => <p>hi</p>;\nexport default defer(async function mail() { return Mail(); });`;
  const runtime = {
    "node_modules/react/package.json":
      '{ "name": "react", "main": "react.js", "exports": { ".": "./react.js", "./jsx-runtime": "./jsx.js" } }',
    "node_modules/react/react.js": 'exports.createElement = (type) => "classic " + type;',
    "node_modules/react/jsx.js": 'exports.jsx = (type) => "automatic " + type;',
  };

  it.each([
    ["without a tsconfig.json", undefined, "automatic p"],
    ["left to others, as Next.js has it", { jsx: "preserve" }, "automatic p"],
    ["automatic", { jsx: "react-jsx" }, "automatic p"],
  ])("%s is automatic", async (_, compilerOptions, result) => {
    const tsconfig = compilerOptions && { "tsconfig.json": JSON.stringify({ compilerOptions }) };
    expect(await results(await buildOf({ ...runtime, ...tsconfig, "defer/mail.tsx": source }))).toEqual({
      mail: result,
    });
  });

  it("is as the user's tsconfig.json says", async () => {
    const built = await buildOf({
      ...runtime,
      "tsconfig.json": '{ "compilerOptions": { "jsx": "react" } }',
      "defer/mail.tsx": `import * as React from "react";\n${source}`,
    });
    expect(await results(built)).toEqual({ mail: "classic p" });
  });
});

describe("a package with two faces", () => {
  it("is what CommonJS expects where it is required", async () => {
    const built = await buildOf({
      "node_modules/two/package.json": '{ "name": "two", "main": "main.js", "module": "module.js" }',
      "node_modules/two/main.js": 'module.exports = () => "called";',
      "node_modules/two/module.js": 'export default () => "called";',
      "node_modules/user/package.json": '{ "name": "user" }',
      "node_modules/user/index.js": 'module.exports = require("two")();',
      "defer/a.ts": `${imports}import two from "two"; import user from "user";\nexport default defer(async function faces() { return [two(), user]; });`,
    });
    expect(await results(built)).toEqual({ faces: ["called", "called"] });
  });
});

describe("names", () => {
  it("are the functions' own, where several modules have the same", async () => {
    const built = await buildOf({
      "other.ts": 'export async function run() { return "other"; }',
      "defer/a.ts": `${imports}import { run as other } from "../other";\nasync function run() { return [run.name, other.name, await other()]; }\nexport default defer(run);`,
      "defer/b.ts": `${imports}const assigned = async () => assigned.name;\nexport default defer(assigned, { concurrency: 1 });`,
    });
    expect(await results(built)).toEqual({ run: ["run", "run", "other"], assigned: "assigned" });
  });
});

describe("a stack", () => {
  it("points at the user's lines, in shared modules too", async () => {
    const built = await buildOf({
      "src/deep/fail.ts": 'interface Gone {}\n\nexport function fail(_: Gone): never {\n  throw new Error("here");\n}',
      "defer/in/a.ts": `${imports}import { fail } from "../../src/deep/fail";\n\nexport default defer(async function failing() {\n  fail({});\n});`,
    });
    expect((await results(built))["failing"]).toMatch(
      /^Error: here\n\s+at fail \(\S*\/src\/deep\/fail\.ts:4:9\)\n\s+at failing \(\S*\/defer\/in\/a\.ts:5:3\)/,
    );
  });
});

describe("the same sources", () => {
  it("give the same bytes, wherever the project lies and whatever was built there before", async () => {
    await using project = await aProject({
      "package.json": "{}",
      "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      "src/x.ts": 'import text from "./x.txt";\nexport const x = text;',
      "src/x.txt": "text",
      "node_modules/native/package.json": '{ "name": "native", "version": "1.0.0", "gypfile": true }',
      "node_modules/native/index.js": "module.exports = 1;",
      "defer/a.ts": `${imports}import native from "native"; import { x } from "@/x";\nexport default defer(async function a() { return [native, x]; });`,
      "defer/b/c.cjs": 'module.exports = require("@defer/client").defer(async function c() {});',
    });
    const elsewhere = join(outDirectory, "some/other/depth");
    await mkdir(elsewhere, { recursive: true });
    await cp(project.directory, elsewhere, { recursive: true, dereference: true });
    // Both with real copies of the packages: a link that leads out of the project has another path from every place.
    const copy = join(outDirectory, "copy");
    await cp(elsewhere, copy, { recursive: true });
    const bytesOf = async (directory: string, out: string) => {
      await buildFunctions({ directory: join(directory, "defer"), outDirectory: out, platform: "host" });
      return contents(out);
    };
    const first = await bytesOf(copy, join(outDirectory, "1"));
    const stale = join(outDirectory, "2/0/node_modules/stale");
    await mkdir(stale, { recursive: true });
    await appendFile(join(stale, "index.js"), "");
    expect(await bytesOf(elsewhere, join(outDirectory, "2"))).toEqual(first);
    expect(Object.keys(first)).toEqual([
      "/0/function.mjs",
      "/0/function.mjs.map",
      "/0/node_modules/native/index.js",
      "/0/node_modules/native/package.json",
      "/1/function.mjs",
      "/1/function.mjs.map",
    ]);
    expect(JSON.stringify(first)).not.toContain(tmpdir());
    expect(JSON.parse(first["/0/function.mjs.map"] ?? "")).toMatchObject({
      sources: expect.arrayContaining(["defer/a.ts", "src/x.ts", "node_modules/@defer/client/index.js"]),
    });
  });
});

describe("a rebuild", () => {
  it("reads the manifest of what has changed, and of nothing else", async () => {
    const log = join(outDirectory, "loads");
    const source = (name: string) =>
      `${imports}import { appendFileSync } from "node:fs"; appendFileSync(${JSON.stringify(log)}, "${name} ");\nexport default defer(async function ${name}() {});`;
    await using project = await aProject({
      "package.json": "{}",
      "defer/a.ts": source("a"),
      "defer/b.ts": source("b"),
      "defer/c.ts": source("c"),
    });
    await build(project.directory);
    expect((await readFile(log, "utf-8")).split(" ").sort().join("")).toBe("abc");
    await project.write("defer/b.ts", `${source("b")}\nconsole.log("changed");`);
    expect((await build(project.directory)).functions).toHaveLength(3);
    expect((await readFile(log, "utf-8")).trim().split(" ").slice(3)).toEqual(["b"]);
  });
});

describe("a warning", () => {
  it("is a line with file and place, and fails nothing", async () => {
    const { functions, warnings } = await buildOf({
      "defer/a.ts": `${imports}export default defer(async function odd(x = 1) {\n  return x === -0 || typeof x === "nmber";\n});`,
    });
    expect(functions).toHaveLength(1);
    expect(warnings).toContainEqual(expect.stringMatching(/^defer\/a\.ts: warning: .*\(defer\/a\.ts:3:\d+\)$/));
  });

  it("does not come of wrong types", async () => {
    const built = buildOf({
      "defer/a.ts": `${imports}const x: number = "no";\nexport default defer(async function f() { return x; });`,
    });
    await expect(built).resolves.toMatchObject({ functions: [{}], warnings: [] });
  });
});
