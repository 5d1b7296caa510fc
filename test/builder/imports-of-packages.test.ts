import { describe, expect, it } from "vitest";
import { aFunction, aFunctionProject, aPackage } from "../support/function-project.ts";

const codeOf = (expression: string) => `try { await ${expression}; } catch (error) { return error.code; }`;

describe("an import that a dependency cannot resolve", () => {
  it("fails when it is reached, as in Node: required, imported, a file of its own, of a package in a package", async () => {
    await using project = await aFunctionProject({
      ...aPackage(
        "dialects",
        {},
        {
          "index.js": `exports.good = () => 1; exports.oracle = () => require("oracledb").x;
          exports.file = () => require("./build/Release/binding.js"); exports.inner = () => require("inner");`,
        },
      ),
      ...aPackage("inner", {}, { "index.js": 'module.exports = require("@scope/nowhere/part");' }),
      ...aPackage(
        "esm",
        { type: "module" },
        {
          "index.js": 'import { unused } from "not-there"; export const load = () => import("telemetry-exporter");',
        },
      ),
      "defer/a.ts": aFunction("good", "return dialects.good();", 'import dialects from "dialects";'),
      "defer/b.ts": aFunction("oracle", codeOf("dialects.oracle()"), 'import dialects from "dialects";'),
      "defer/c.ts": aFunction("file", codeOf("dialects.file()"), 'import dialects from "dialects";'),
      "defer/d.ts": aFunction("inner", codeOf("dialects.inner()"), 'import dialects from "dialects";'),
      "defer/e.ts": aFunction("esm", codeOf("load()"), 'import { load } from "esm";'),
    });
    const calls = ["good", "oracle", "file", "inner", "esm"].map((name) => project.call(name));
    expect(await Promise.all(calls)).toEqual([
      1,
      "MODULE_NOT_FOUND",
      "MODULE_NOT_FOUND",
      "MODULE_NOT_FOUND",
      "ERR_MODULE_NOT_FOUND",
    ]);
    expect(project.warnings).toEqual([]);
  });

  it("fails the build where it is the user's own", async () => {
    const built = aFunctionProject({
      ...aPackage("dialects", {}, { "index.js": 'exports.oracle = () => require("oracledb");' }),
      "defer/a.ts": aFunction("own", "return oracle;", 'import oracle from "oracledb"; import "dialects";'),
    });
    await expect(built).rejects.toThrow(
      'defer/a.ts: Could not resolve "oracledb" (defer/a.ts:2:20); install it (npm install oracledb) or correct the name',
    );
  });
});

describe("a dependency that is named like a module of Node", () => {
  it("is the one that is asked for with a slash, in the bundle and beside it", async () => {
    await using project = await aFunctionProject({
      ...aPackage("punycode", {}, { "index.js": 'module.exports = "own punycode";' }),
      ...aPackage("string_decoder", {}, { "lib/index.js": 'module.exports = "own decoder";', "index.js": "" }),
      ...aPackage(
        "native",
        { gypfile: true, dependencies: { punycode: "2", string_decoder: "1" } },
        {
          "index.js":
            'exports.both = [require("punycode/"), require("string_decoder/lib/index.js"), typeof require("events").once];',
        },
      ),
      "defer/a.js": aFunction("beside", "return both;", 'import { both } from "native";'),
      "defer/b.js": aFunction("inside", "return punycode;", 'import punycode from "punycode/";'),
    });
    expect(await project.call("beside")).toEqual(["own punycode", "own decoder", "function"]);
    expect(await project.call("inside")).toBe("own punycode");
  });
});

describe("a package beside the bundle", () => {
  const now =
    "const exported = { now: () => 1 }; for (const name of ['later']) exported[name] = () => 2; module.exports = exported;";

  it("gives all its names, whatever Node's lexer sees: by name, as a whole, late, with a default of its own", async () => {
    await using project = await aFunctionProject({
      ...aPackage("clock", { gypfile: true }, { "index.js": now, "part.js": "exports[['p', 'art'].join('')] = 3;" }),
      ...aPackage(
        "transpiled",
        { gypfile: true },
        {
          "index.js":
            "Object.defineProperty(exports, '__esModule', { value: true }); Object.assign(exports, { default: 4, named: 5 });",
        },
      ),
      ...aPackage(
        "modern",
        { gypfile: true, exports: { import: "./index.mjs", require: "./index.cjs" } },
        {
          "index.mjs": "export default await Promise.resolve(6); export const named = 7;",
          "index.cjs": "throw new Error('the wrong one');",
        },
      ),
      "defer/a.ts": aFunction(
        "all",
        'return [now(), later(), whole.later(), clock.now(), (await import("clock")).later(), part, transpiled, named, modern, seven];',
        `import clock, { now, later } from "clock"; import * as whole from "clock"; import { part } from "clock/part";
         import transpiled, { named } from "transpiled"; import modern, { named as seven } from "modern";`,
      ),
    });
    expect(await project.call("all")).toEqual([1, 2, 2, 1, 2, 3, 4, 5, 6, 7]);
    expect(await project.beside("all")).toEqual(["clock", "modern", "transpiled"]);
  });

  it("is the same one for all: what it needs is not in the bundle a second time", async () => {
    await using project = await aFunctionProject({
      ...aPackage("types", {}, { "index.js": "exports.parsers = [];" }),
      ...aPackage(
        "driver",
        { dependencies: { types: "1" } },
        {
          "index.js":
            'const { parsers } = require("types"); require.resolve("./index.js"); exports.parse = () => parsers.length;',
        },
      ),
      "defer/a.ts": aFunction(
        "shared",
        "parsers.push(1); return parse();",
        'import { parsers } from "types"; import { parse } from "driver";',
      ),
    });
    expect(await project.call("shared")).toBe(1);
    expect(await project.beside("shared")).toEqual(["driver", "types"]);
  });

  it("has the version that each asks for", async () => {
    const one = (version: number) => ({ version: `${version}.0.0`, gypfile: true });
    await using project = await aFunctionProject({
      ...aPackage("native", one(1), { "index.js": "module.exports = 1;" }),
      ...aPackage("middle", { dependencies: { native: "2" } }, { "index.js": 'module.exports = require("native");' }),
      ...aPackage("middle/node_modules/native", { name: "native", ...one(2) }, { "index.js": "module.exports = 2;" }),
      "defer/a.ts": aFunction("both", "return [one, two];", 'import one from "native"; import two from "middle";'),
    });
    expect(await project.call("both")).toEqual([1, 2]);
  });
});

describe("a package that loads files or packages at run time", () => {
  const wasm = { "x.wasm": "\0asm" };

  it.each([
    [
      "a file beside its code, in CommonJS",
      {
        ...aPackage(
          "tokens",
          {},
          { ...wasm, "index.js": 'exports.size = require("fs").readFileSync(__dirname + "/x.wasm").length;' },
        ),
      },
      'import { size } from "tokens";',
      4,
    ],
    [
      "a file beside its code, in an ES module",
      aPackage(
        "tokens",
        { type: "module", exports: "./lib/index.js" },
        {
          ...wasm,
          "lib/index.js":
            'import { readFileSync } from "node:fs"; export const size = readFileSync(new URL("../x.wasm", import.meta.url)).length;',
        },
      ),
      'import { size } from "tokens";',
      4,
    ],
    [
      "a worker, in a package of a package",
      {
        ...aPackage(
          "logger",
          { dependencies: { stream: "1" } },
          { "index.js": 'exports.size = require("thread-pipe").size;' },
        ),
        ...aPackage(
          "thread-pipe",
          {},
          {
            "worker.js": "1234",
            "index.js": 'exports.size = require("fs").readFileSync(require.resolve("./worker")).length;',
          },
        ),
      },
      'import { size } from "logger";',
      4,
    ],
    [
      "a package that the user names",
      {
        "package.json": JSON.stringify({ dependencies: { logger: "1", "pretty-transport": "1", unnamed: "1" } }),
        ...aPackage("logger", {}, { "index.js": "exports.open = (target) => require(target).length;" }),
        ...aPackage(
          "pretty-transport",
          { dependencies: { helper: "1" } },
          { "index.js": 'module.exports = require("helper");' },
        ),
        ...aPackage(
          "pretty-transport/node_modules/helper",
          { name: "helper" },
          { "index.js": "module.exports = 'four';" },
        ),
        ...aPackage("unnamed", {}, { "index.js": "" }),
      },
      'import { open } from "logger"; const size = open("pretty-transport");',
      4,
    ],
    [
      "the driver of a database, an optional peer that the project depends on",
      {
        "package.json": JSON.stringify({ dependencies: { orm: "1", pgx: "1" } }),
        ...aPackage(
          "orm",
          {
            peerDependencies: { pgx: "1", mysqlx: "1" },
            peerDependenciesMeta: { pgx: { optional: true }, mysqlx: { optional: true } },
          },
          {
            "index.js":
              'const load = (name) => require(name); exports.connect = (dialect) => load(dialect === "postgres" ? "pgx" : "mysqlx");',
          },
        ),
        ...aPackage("pgx", {}, { "index.js": "module.exports = 4;" }),
        ...aPackage("mysqlx", {}, { "index.js": "module.exports = 5;" }),
      },
      'import { connect } from "orm"; const size = connect("postgres");',
      4,
    ],
    [
      "a file of a kind that only Node can read",
      aPackage(
        "addon",
        {},
        { "data.weird": "", "index.js": 'exports.size = 4; exports.late = () => require("./data.weird");' },
      ),
      'import { size } from "addon";',
      4,
    ],
    [
      "code that it asks its caller's place for",
      aPackage("main-check", {}, { "index.js": "exports.size = module.parent ? 4 : 5;" }),
      'import { size } from "main-check";',
      4,
    ],
  ])("finds %s", async (_, files, head, expected) => {
    await using project = await aFunctionProject({ ...files, "defer/a.ts": aFunction("found", "return size;", head) });
    expect(await project.call("found")).toBe(expected);
    expect(await project.beside("found")).not.toContain("unnamed");
  });

  it("costs others nothing: a package that only mentions such words is in the bundle", async () => {
    await using project = await aFunctionProject({
      ...aPackage(
        "plain",
        {},
        {
          "index.js":
            '// __dirname is not used\nconst help = "import.meta.url"; exports.x = { __filename: 1, path: { resolve: require("path").resolve } };',
        },
      ),
      "defer/a.ts": aFunction("plain", "return x.__filename;", 'import { x } from "plain";'),
    });
    expect(await project.call("plain")).toBe(1);
    expect(await project.beside("plain")).toEqual([]);
  });
});
