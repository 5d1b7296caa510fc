import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FunctionBuildError } from "../../builder/build-errors.ts";
import { type BuildFunctionsOptions, type BuiltFunctions, buildFunctions } from "../../builder/build-functions.ts";
import { placeholderFor } from "../../builder/load-environment.ts";
import { aProject, functionReturning } from "../support/a-project.ts";

let outDirectory: string;
beforeEach(async () => {
  outDirectory = await mkdtemp(join(tmpdir(), "epoque-build-test-"));
});
afterEach(() => rm(outDirectory, { recursive: true }));

const imports = 'import { defer } from "@defer/client";\n';

async function buildOf(
  files: Record<string, string>,
  options: Pick<BuildFunctionsOptions, "partial" | "environment" | "lastGood"> = {},
): Promise<BuiltFunctions> {
  await using project = await aProject({ "package.json": "{}", ...files });
  const directory = join(project.directory, "defer");
  return await buildFunctions({ directory, outDirectory, platform: "host", ...options });
}

/** Calls a built function in a process of its own, as the runner does. */
async function call(built: BuiltFunctions, name: string): Promise<string> {
  const directory = built.functions.find(({ manifest }) => manifest.name === name)?.directory ?? "";
  const script = `import { loadFunction } from "./lambdas/run/load-function.ts";
    const { __fn } = await loadFunction(process.argv[1]);
    try { console.log(JSON.stringify(await __fn())); } catch (error) { console.log(error.stack); } process.exit();`;
  const args = ["--enable-source-maps", "--input-type=module", "--eval", script, join(directory, "function.mjs")];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { PATH: process.env["PATH"], DEFER_TOKEN: "x" },
  });
  return stdout.trim();
}

describe("a manifest", () => {
  it("says what the function wants", async () => {
    const { functions } = await buildOf({
      "defer/a.ts": `${imports}export default defer(async function full() {}, { retry: { maxAttempts: 2, initialInterval: 0.5 }, concurrency: 3, maxDuration: 60, maxConcurrencyAction: "cancel" });`,
      "defer/b.ts": `${imports}async function plain() {}\nexport default defer(plain);`,
      "defer/c.ts": `${imports}async function always() {}\nexport default defer(always, { retry: true });`,
      "defer/d.ts": `${imports}export default defer.cron(async function nightly() {}, "0 3 * * 1-5");`,
    });
    expect(functions.map(({ manifest }) => manifest)).toEqual([
      expect.objectContaining({ name: "always", retry: expect.objectContaining({ maxAttempts: 13 }) }),
      {
        name: "full",
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        file: "defer/a.ts",
        retry: {
          maxAttempts: 2,
          initialIntervalSeconds: 0.5,
          randomizationFactor: 0.5,
          multiplier: 1.5,
          maxIntervalSeconds: 600,
        },
        concurrency: 3,
        maxConcurrencyAction: "cancel",
        maxDurationSeconds: 60,
        fresh: false,
        compute: "lambda",
        config: {},
      },
      expect.objectContaining({ name: "nightly", cron: "0 3 * * 1-5" }),
      {
        name: "plain",
        id: expect.any(String),
        file: "defer/b.ts",
        retry: {
          maxAttempts: 0,
          initialIntervalSeconds: 30,
          randomizationFactor: 0.5,
          multiplier: 1.5,
          maxIntervalSeconds: 600,
        },
        maxDurationSeconds: 885,
        fresh: false,
        compute: "lambda",
        config: {},
      },
    ]);
  });

  it("is read even if the module leaves servers, timers and processes running, and these end", async () => {
    const pidFile = join(outDirectory, "pid");
    const { functions } = await buildOf({
      "defer/a.ts": `${imports}import { createServer } from "node:http"; import { spawn } from "node:child_process"; import { writeFileSync } from "node:fs";
        createServer().listen(0); setInterval(() => {}, 1000); writeFileSync(${JSON.stringify(pidFile)}, String(spawn("sleep", ["600"]).pid));
        export default defer(async function busy() {});`,
    });
    expect(functions).toHaveLength(1);
    const pid = Number(await readFile(pidFile, "utf-8"));
    await expect.poll(() => /State:\s+[^Z]/.test(statusOf(pid)), { timeout: 60_000 }).toBe(false);
  });

  it("is read without this machine's environment, and with a token that is good for nothing", async () => {
    process.env["EPOQUE_TEST_SECRET"] = "secret";
    const built = buildOf({
      "defer/a.ts": `${imports}if (process.env.EPOQUE_TEST_SECRET || process.env.HOME) throw new Error("knows too much");
        if (process.env.DEFER_TOKEN !== "build") throw new Error("no token");
        export default defer(async function careful() {});`,
    });
    await expect(built).resolves.toMatchObject({ functions: [{}] });
    delete process.env["EPOQUE_TEST_SECRET"];
  });
});

function statusOf(pid: number): string {
  const path = `/proc/${pid}/status`;
  return existsSync(path) ? String(process.getBuiltinModule("node:fs").readFileSync(path)) : "";
}

describe("a bundle", () => {
  it("has JSON, text, HTML, Markdown and images in it, and CommonJS that asks for Node's modules late", async () => {
    const built = await buildOf({
      "defer/a.ts": `${imports}import data from "../data.json"; import text from "../a.txt"; import html from "../a.html"; import md from "../a.md"; import svg from "../a.svg"; import late from "../late.cjs";
        export default defer(async function all() { return [data.x, text, html, md, svg.slice(0, 14), late()]; });`,
      "data.json": '{"x":1}',
      "a.txt": "text",
      "a.html": "<p>",
      "a.md": "# md",
      "a.svg": "<svg/>",
      "late.cjs": 'module.exports = () => { const name = "node:path"; return require(name).basename(__filename); };',
    });
    expect(JSON.parse(await call(built, "all"))).toEqual([1, "text", "<p>", "# md", "data:image/svg", "function.mjs"]);
  });

  it("does not clash with what the user declares", async () => {
    const built = await buildOf({
      "defer/a.mjs": `${imports}import { createRequire } from "node:module"; import { fileURLToPath } from "node:url";
        const require = createRequire(import.meta.url); const __dirname = fileURLToPath(new URL(".", import.meta.url));
        export default defer(async function own() { return require("node:path").basename(__dirname).length > 0; });`,
    });
    expect(await call(built, "own")).toBe("true");
  });

  it("keeps the function's own name, whatever else has it", async () => {
    const { functions } = await buildOf({
      "defer/a.ts": `${imports}import { run as other } from "../other"; async function run() { return other(); }\nexport default defer(run);`,
      "other.ts": "export function run() { return 1; }",
    });
    expect(functions[0]?.manifest.name).toBe("run");
  });

  it("finds what the user's tsconfig paths name", async () => {
    const built = await buildOf({
      "tsconfig.json": '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] } } }',
      "src/deep/thing.ts": "export const thing = 42;",
      "defer/a.ts": `${imports}import { thing } from "@/deep/thing";\nexport default defer(async function paths() { return thing; });`,
    });
    expect(await call(built, "paths")).toBe("42");
  });

  it("takes CommonJS made from TypeScript", async () => {
    const built = await buildOf({
      "defer/a.js": `"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); const { defer } = require("@defer/client");
        exports.default = defer(async function compiled() { return "yes"; });`,
    });
    expect(await call(built, "compiled")).toBe('"yes"');
  });

  it("has stacks that point at the user's lines", async () => {
    const built = await buildOf({
      "defer/a.ts": `${imports}interface Types { are: "gone"; }\n\nexport default defer(async function failing() {\n  throw new Error("here");\n});`,
    });
    expect(await call(built, "failing")).toMatch(/^Error: here\n\s+at failing \(\S*defer\/a\.ts:5:9\)/);
  });

  it("is the same wherever the project lies", async () => {
    const files = { "defer/a.ts": functionReturning("same", "x"), "defer/b.ts": functionReturning("other", "y") };
    const bytes = async () => {
      const { functions } = await buildOf(files);
      const contents = functions.map(async ({ directory }) => {
        const names = (await readdir(directory)).sort();
        return Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), "utf-8")]));
      });
      return Promise.all(contents);
    };
    const first = await bytes();
    expect(JSON.stringify(first)).not.toContain(tmpdir());
    expect(await bytes()).toEqual(first);
  });

  it("leaves packages with native code beside it, with what they depend on", async () => {
    const built = await buildOf({
      "node_modules/native/package.json":
        '{ "name": "native", "version": "1.2.3", "main": "index.js", "dependencies": { "helper": "1" } }',
      "node_modules/native/binding.gyp": "{}",
      "node_modules/native/index.js": 'module.exports = require("helper")(require("node:path").basename(__dirname));',
      "node_modules/helper/package.json": '{ "name": "helper", "version": "1.0.0" }',
      "node_modules/helper/index.js": "module.exports = (name) => name.toUpperCase();",
      "defer/a.ts": `${imports}import name from "native";\nexport default defer(async function withNative() { return name; });`,
    });
    const directory = built.functions[0]?.directory ?? "";
    expect((await readdir(join(directory, "node_modules"))).sort()).toEqual(["helper", "native"]);
    expect(await call(built, "withNative")).toBe('"NATIVE"');
  });

  it("is watched by all the files of the project that went in", async () => {
    await using project = await aProject({
      "package.json": "{}",
      "defer/a.ts": `${imports}import { x } from "../lib/x";\nexport default defer(async function watched() { return x; });`,
      "lib/x.ts": "export const x = 1;",
    });
    const { inputs } = await buildFunctions({
      directory: join(project.directory, "defer"),
      outDirectory,
      platform: "host",
    });
    expect(inputs).toEqual(["defer/a.ts", "lib/x.ts"].map((path) => join(project.directory, path)));
  });
});

describe("a build that fails says which file, and what to do", () => {
  const good = `${imports}export default defer(async function good() {});`;

  it.each([
    [
      "an anonymous function",
      `${imports}export default defer(async () => {});`,
      /^defer\/a\.ts: the function has no name; write: /,
    ],
    [
      "another default export",
      "export default function f() {}",
      /^defer\/a\.ts: the default export is not a deferred function; write: /,
    ],
    [
      "a name the cloud cannot carry",
      `${imports}export default defer(async function größe() {});`,
      /^defer\/a\.ts: a function's name must begin with a letter or _, .* \(a-z, A-Z\), .*, not "größe"$/,
    ],
    [
      "a name that is too long",
      `${imports}export default defer(async function ${"n".repeat(49)}() {});`,
      /^defer\/a\.ts: a function's name must .* up to 48 /,
    ],
    ["a syntax error", "export default 5 +;", /^defer\/a\.ts: Unexpected ";" \(defer\/a\.ts:1:19\)$/],
    [
      "an import that leads nowhere",
      'import "./nowhere";',
      /^defer\/a\.ts: Could not resolve "\.\/nowhere" \(defer\/a\.ts:1:8\); there is no such file: correct the path$/,
    ],
    [
      "a package that is not installed",
      'import "@scope/absent/part";',
      /^defer\/a\.ts: Could not resolve "@scope\/absent\/part" \(.*\); install it \(npm install @scope\/absent\) or correct the name$/,
    ],
    [
      "an alias that leads nowhere",
      'import "@/absent";',
      /^defer\/a\.ts: Could not resolve "@\/absent" \(.*\); correct the path, or "paths" in tsconfig\.json$/,
    ],
    [
      "a file that cannot be imported",
      'import "../package.lock";',
      /^defer\/a\.ts: No loader is configured for "\.lock" files: package\.lock \(.*\); only code, JSON, /,
    ],
    [
      "a module that throws",
      "const x: number = 1;\nthrow new TypeError('no database');\nexport default 1;",
      /^defer\/a\.ts: it throws while it is loaded: TypeError: no database \(at defer\/a\.ts:2:7\); give it the variables that it needs .*, or do in the function itself what may fail$/,
    ],
    [
      "a module that throws in Node's own code",
      'import { readFileSync } from "node:fs";\n\nreadFileSync("./absent");\nexport default 1;',
      /^defer\/a\.ts: it throws while it is loaded: Error: ENOENT.* \(at defer\/a\.ts:3:1\); /,
    ],
    [
      "a module that throws a string of several lines",
      'throw "a\\nb"; export default 1;',
      /^defer\/a\.ts: it throws while it is loaded: Error: a b; give it the variables /,
    ],
    [
      "a module that waits for what never comes",
      'console.error("waiting");\nawait new Promise(() => {});\nexport default 1;',
      /^defer\/a\.ts: it is still loading and waits for what never comes; do at call time what takes long; it printed: waiting/,
    ],
    [
      "a module that waits for what never comes, silently",
      "await new Promise(() => {});\nexport default 1;",
      /^defer\/a\.ts: it is still loading and waits for what never comes; do at call time what takes long$/,
    ],
    [
      "an import of what is not exported",
      'import { absent } from "./good";\nexport default absent;',
      /^defer\/a\.ts: No matching export in "defer\/good\.ts" for import "absent" \(.*\); export it there, or correct the name$/,
    ],
    [
      "a module that ends the process",
      "process.exit(0); export default 1;",
      /^defer\/a\.ts: its process ends while it is loaded \(exit code 0\); do that at call time$/,
    ],
    [
      "too much concurrency",
      `${imports}export default defer(async function f() {}, { concurrency: 1001 });`,
      /^defer\/a\.ts: concurrency must be 1000 or less \(Lambda .*\), not 1001$/,
    ],
    [
      "half a concurrency",
      `${imports}export default defer(async function f() {}, { concurrency: 1.5 });`,
      /^defer\/a\.ts: concurrency must be a whole number, not 1\.5$/,
    ],
    [
      "no concurrency",
      `${imports}export default defer(async function f() {}, { concurrency: 0 });`,
      /^defer\/a\.ts: concurrency must be 1 or more, not 0$/,
    ],
    [
      "a cron expression with seconds",
      `${imports}export default defer.cron(async function f() {}, "0 0 3 * * *");`,
      /^defer\/a\.ts: the cron expression must have five fields \(minute .*\), not "0 0 3 \* \* \*"$/,
    ],
  ])("%s", async (_, source, message) => {
    const failure = await buildOf({ "package.lock": "", "defer/a.ts": source, "defer/good.ts": good }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(FunctionBuildError);
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message).not.toContain("\n");
  });

  it("two names whose executions' ids could not be told apart", async () => {
    const [one, other] = ["f63704", "f93689"].map((name) => good.replace("good", name)) as [string, string];
    expect(one).toContain("f63704");
    await expect(buildOf({ "defer/a.ts": one, "defer/b.ts": other })).rejects.toThrow(
      /^defer\/b\.ts: the ids of f93689 cannot be told from those of f63704 \(defer\/a\.ts\); rename one of them$/,
    );
  });

  it("a name used twice, and names that differ in case alone: both files", async () => {
    const build = buildOf({ "defer/a.ts": good, "defer/b.ts": good, "defer/c.ts": good.replace("good", "Good") });
    await expect(build).rejects.toThrow(
      /^defer\/b\.ts: the function's name good is used by defer\/a\.ts too; .*\ndefer\/c\.ts: the function's name Good is used by defer\/a\.ts too \(as good: .*\); give each /,
    );
  });

  it("everything at once, in the order of the files", async () => {
    const build = buildOf({
      "defer/c.ts": "export default 1;",
      "defer/a.ts": "const",
      "defer/b.ts": "throw undefined; export default 1;",
    });
    const { message } = (await build.catch((error: unknown) => error)) as Error;
    expect(message.split("\n").map((line) => line.split(":")[0])).toEqual(["defer/a.ts", "defer/b.ts", "defer/c.ts"]);
  });
});

describe("a file that is no function", () => {
  const good = `${imports}export default defer(async function good() {});`;

  it("warns if it has no default export, and is not loaded: it may be a script", async () => {
    const { functions, warnings } = await buildOf({
      "defer/good.ts": good,
      "defer/format.ts": "export const format = (text: string) => text.trim();",
      "defer/seed.ts": "throw new Error('it was run');",
    });
    expect(functions.map(({ manifest }) => manifest.name)).toEqual(["good"]);
    expect(warnings).toEqual([
      expect.stringMatching(/^defer\/format\.ts: warning: it has no default export.*write: export default defer\(/),
      expect.stringMatching(/^defer\/seed\.ts: warning: it has no default export/),
    ]);
  });

  it("is not all there may be", async () => {
    await expect(buildOf({ "defer/format.ts": "export const a = 1;" })).rejects.toThrow(
      /^no file in .*defer has a default export; write: export default defer\(yourFunction\)$/,
    );
  });
});

describe("a partial build", () => {
  const named = (name: string, more = "") => `${imports}export default defer(async function ${name}() {});\n${more}`;
  const sources = {
    "defer/a.ts": named("good"),
    "defer/b.ts": "throw new Error('no database'); export default 1;",
    "defer/c.ts": "const",
    "defer/d.ts": named("good"),
    "defer/e.ts": named("other", 'export const config = { memory: 1, onFailure: "absent" };'),
    "defer/f.ts": "export default 1;",
  };

  it("has the good functions, and a line for everything that is wrong", async () => {
    const { functions, problems } = await buildOf(sources, { partial: true });
    expect(functions.map(({ manifest }) => manifest.name)).toEqual(["good"]);
    expect(problems.map((line) => line.split(": ")[0])).toEqual(
      ["b", "c", "d", "e", "f"].map((name) => `defer/${name}.ts`),
    );
  });

  it("is refused if nothing is good", async () => {
    await expect(buildOf({ "defer/c.ts": "const" }, { partial: true })).rejects.toThrow(FunctionBuildError);
  });

  it("has the last good build of a file that cannot be built any more, and none of one that is gone", async () => {
    const lastGood = (await buildOf({ "defer/a.ts": named("a"), "defer/b.ts": named("b"), "defer/c.ts": named("c") }))
      .functions;
    const now = { "defer/a.ts": "const", "defer/b.ts": named("changed"), "defer/d.ts": "export default 1;" };
    const { functions, problems, outdated } = await buildOf(now, { partial: true, lastGood });
    expect(functions.map(({ manifest }) => manifest.name)).toEqual(["a", "changed"]);
    expect(functions[0]).toEqual(lastGood[0]);
    expect(outdated.map((line) => line.split(": ")[0])).toEqual(["defer/a.ts"]);
    expect(problems.map((line) => line.split(": ")[0])).toEqual(["defer/d.ts"]);
  });

  it("leaves a function in whose follow-up is unknown, and says so", async () => {
    const two = {
      "defer/a.ts": named("good"),
      "defer/e.ts": named("other", 'export const config = { onFailure: "god" };'),
    };
    const { functions, problems } = await buildOf(two, { partial: true });
    expect(functions).toHaveLength(2);
    expect(problems).toEqual(['defer/e.ts: config.onFailure names "god", but the functions are good, other']);
    await expect(buildOf(two)).rejects.toThrow('config.onFailure names "god"');
  });
});

describe("a function's config", () => {
  it.each([
    [
      "an ES module",
      "defer/a.ts",
      `${imports}export default defer(async function f() {});\nexport const config = { memory: 512, fresh: true };`,
    ],
    [
      "a CommonJS module",
      "defer/a.cjs",
      'const { defer } = require("@defer/client");\nexports.default = defer(async function f() {});\nexports.config = { memory: 512, fresh: true };',
    ],
    [
      "a CommonJS module that is the function",
      "defer/a.cjs",
      'const { defer } = require("@defer/client");\nmodule.exports = defer(async function f() {});\nmodule.exports.config = { memory: 512, fresh: true };',
    ],
  ])("is read from %s", async (_, file, source) => {
    const { functions } = await buildOf({ [file]: source });
    expect(functions).toMatchObject([{ manifest: { fresh: true, config: { memory: 512, fresh: true } } }]);
  });
});

describe("the environment while a module is loaded", () => {
  const needs = (variable: string, name: string) =>
    `${imports}if (!process.env.${variable}) throw new Error("${variable} is needed");\nexport default defer(async function ${name}() {});`;

  it("has the variables of all functions, and of the one alone", async () => {
    const environment = { all: { KEY: "1" }, overrides: { own: { OWN: "1" } } };
    const { functions } = await buildOf(
      { "defer/a.ts": needs("KEY", "all"), "defer/b.ts": needs("OWN", "own") },
      { environment },
    );
    expect(functions.map(({ manifest }) => manifest.name)).toEqual(["all", "own"]);
    await expect(buildOf({ "defer/b.ts": needs("OWN", "another") }, { environment })).rejects.toThrow("OWN is needed");
  });

  it("has placeholders that read as URLs and say what they are", async () => {
    const source = `${imports}new URL(process.env.DATABASE_URL ?? "");\nthrow new Error(process.env.DATABASE_URL);\nexport default 1;`;
    const environment = { all: { DATABASE_URL: placeholderFor("DATABASE_URL") }, overrides: {} };
    await expect(buildOf({ "defer/a.ts": source }, { environment })).rejects.toThrow(
      /Error: placeholder:\/\/the-value-is-not-known-while-the-function-is-built\/DATABASE_URL .*; while it is built these are placeholders: DATABASE_URL$/,
    );
  });
});
