import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BuiltFunctions, buildFunctions } from "../../builder/build-functions.ts";
import { copyPackages, placePackages } from "../../builder/copy-packages.ts";
import { installForLambda, type Npm } from "../../builder/install-for-lambda.ts";
import { findPackage, type InstalledPackage } from "../../builder/installed-packages.ts";
import { hasNativeCode } from "../../builder/native-code.ts";
import { aProject, type Project } from "../support/a-project.ts";

let outDirectory: string;
let project: Project;
beforeEach(async () => {
  outDirectory = await mkdtemp(join(tmpdir(), "epoque-packages-"));
  project = await aProject({ "package.json": "{}" });
});
afterEach(async () => {
  await project[Symbol.asyncDispose]();
  await rm(outDirectory, { recursive: true });
});

const imports = 'import { defer } from "@defer/client";\n';

/** Installs a package as if by npm: its `package.json` with `more`, and `files`. */
async function install(place: string, more: object = {}, files: Record<string, string> = {}): Promise<void> {
  const name = place.split("node_modules/").at(-1);
  const manifest = JSON.stringify({ name, version: "1.0.0", ...more });
  for (const [file, text] of Object.entries({ "index.js": "", ...files, "package.json": manifest }))
    await project.write(`node_modules/${place}/${file}`, text);
}

function installed(name: string): InstalledPackage {
  const found = findPackage(name, project.directory);
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}

async function buildOf(source: string): Promise<BuiltFunctions> {
  await project.write("defer/a.ts", source);
  return buildFunctions({ directory: join(project.directory, "defer"), outDirectory, platform: "host" });
}

const beside = async ({ functions }: BuiltFunctions): Promise<string[]> => {
  const folder = join(functions[0]?.directory ?? "", "node_modules");
  return existsSync(folder) ? (await readdir(folder)).sort() : [];
};

/** The beginning of an add-on in ELF for 64 bits and a machine: 0xb7 is arm64, 0x3e x64. */
function elf(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write("\x7fELF\x02", "latin1");
  header.writeUInt16LE(machine, 18);
  return header;
}

describe("a package with native code", () => {
  it.each([
    ["a binding.gyp", {}, { "binding.gyp": "{}" }],
    ["gypfile in its package.json", { gypfile: true }, {}],
    ["ready-made binaries in prebuilds", {}, { "prebuilds/linux-x64/x.node": "" }],
    ["an add-on somewhere in it", {}, { "lib/binding/napi-v6-linux/x.node": "" }],
    ["packages of its own for each system", { optionalDependencies: { "@img/sharp-linux-x64": "1" } }, {}],
    ["a loader of add-ons", { dependencies: { "node-gyp-build": "4" } }, {}],
  ])("is known by %s", async (_, more, files) => {
    await install("native", more, files);
    expect(hasNativeCode(installed("native"))).toBe(true);
  });

  it("is not one that only has such a package in it, or an optional watcher", async () => {
    await install("plain", { optionalDependencies: { fsevents: "2" } });
    await install("plain/node_modules/native", {}, { "x.node": "" });
    expect(hasNativeCode(installed("plain"))).toBe(false);
  });
});

describe("beside the bundle", () => {
  it("lies what cannot be bundled, even if a bundled package asks for it", async () => {
    await install("middle", {}, { "index.js": 'module.exports = require("native/part");' });
    await install("native", { gypfile: true }, { "part.js": "module.exports = 1;" });
    expect(
      await beside(
        await buildOf(`${imports}import x from "middle";\nexport default defer(async function f() { return x; });`),
      ),
    ).toEqual(["native"]);
  });

  it("lies nothing that tree shaking leaves out", async () => {
    await install("native", { gypfile: true, sideEffects: false });
    await project.write(
      "lib.ts",
      'import native from "native";\nexport const used = 1;\nexport const unused = () => native;',
    );
    await project.write("package.json", '{ "sideEffects": false }');
    const built = await buildOf(
      `${imports}import { used } from "../lib";\nexport default defer(async function f() { return used; });`,
    );
    expect(await beside(built)).toEqual([]);
  });

  it("lies what a package uses without saying so: Prisma with the client that was generated", async () => {
    await install(
      "@prisma/client",
      { peerDependencies: { prisma: "*" }, peerDependenciesMeta: { prisma: { optional: true } } },
      { "index.js": 'module.exports = require(".prisma/client");', "runtime.js": "module.exports = __dirname;" },
    );
    await install(
      ".prisma/client",
      {},
      { "index.js": 'require("@prisma/client/runtime"); module.exports = "generated";', "engine.so.node": "" },
    );
    await install("prisma");
    const built = await buildOf(
      `${imports}import client from "@prisma/client";\nif (client !== "generated") throw new Error();\nexport default defer(async function f() {});`,
    );
    expect(await beside(built)).toEqual([".prisma", "@prisma"]);
  });

  it("is part of what the manifest is remembered by", async () => {
    const source = `${imports}import version from "native";\nexport default defer(async function f() {}, { concurrency: version });`;
    const concurrency = async (version: number) => {
      await install(
        "native",
        { gypfile: true, version: `${version}.0.0` },
        { "index.js": `module.exports = ${version};` },
      );
      return (await buildOf(source)).functions[0]?.manifest.concurrency;
    };
    expect([await concurrency(2), await concurrency(3)]).toEqual([2, 3]);
  });
});

describe("what a package depends on", () => {
  it("is found by each in its own version, and only once where that does", async () => {
    await install("a", { dependencies: { b: "1", c: "1" } });
    await install("b", { dependencies: { c: "2" } });
    await install("c");
    await install("b/node_modules/c", { version: "2.0.0" });
    await install("b/node_modules/unused");
    expect(
      placePackages([installed("a")])
        .map(({ place, version }) => `${place.join("/")}@${version}`)
        .sort(),
    ).toEqual(["a@1.0.0", "b/c@2.0.0", "b@1.0.0", "c@1.0.0"]);
    await copyPackages([installed("a")], outDirectory);
    const versionFor = (from: string) => findPackage("c", join(outDirectory, "node_modules", from))?.version;
    expect([versionFor("a"), versionFor("b")]).toEqual(["1.0.0", "2.0.0"]);
    expect(existsSync(join(outDirectory, "node_modules/b/node_modules/unused"))).toBe(false);
  });

  it("is found where pnpm links it, and may go in a circle", async () => {
    await install(".pnpm/a@1/node_modules/a", { dependencies: { b: "1" } });
    await install(".pnpm/b@1/node_modules/b", { dependencies: { a: "1" } });
    const link = async (to: string, from: string) => {
      await mkdir(dirname(join(project.directory, from)), { recursive: true });
      await symlink(join(project.directory, "node_modules/.pnpm", to), join(project.directory, from));
    };
    await link("a@1/node_modules/a", "node_modules/a");
    await link("b@1/node_modules/b", "node_modules/.pnpm/a@1/node_modules/b");
    await link("a@1/node_modules/a", "node_modules/.pnpm/b@1/node_modules/a");
    expect(placePackages([installed("a")]).map(({ place }) => place)).toEqual([["a"], ["b"]]);
  });
});

describe("packages for Lambda", () => {
  /** Records the arguments npm was called with; it "installs" `files`. */
  function fakeNpm(files: Record<string, string | Buffer>) {
    const calls: {
      args: readonly string[];
      environment: Record<string, string>;
      packageJson: unknown;
      npmrc: boolean;
    }[] = [];
    const npm: Npm = async (args, folder, environment) => {
      const packageJson: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf-8"));
      calls.push({ args, environment, packageJson, npmrc: existsSync(join(folder, ".npmrc")) });
      for (const [file, content] of Object.entries({ ".package-lock.json": "{}", ...files })) {
        await mkdir(dirname(join(folder, "node_modules", file)), { recursive: true });
        await writeFile(join(folder, "node_modules", file), content);
      }
    };
    return { calls, npm };
  }

  it("are those of Linux on arm64, whatever this machine is, in the versions of the user's project", async () => {
    await install("native", { gypfile: true, version: "1.2.3", dependencies: { helper: "*", both: "1" } });
    await install("helper", { version: "4.5.6", dependencies: { both: "2" } });
    await install("both");
    await install("helper/node_modules/both", { version: "2.0.0" });
    await project.write(".npmrc", "//registry.test/:_authToken=secret");
    const { calls, npm } = fakeNpm({ "native/package.json": "{}", "native/x.node": elf(0xb7) });
    expect(await installForLambda([installed("native")], outDirectory, project.directory, npm)).toBeUndefined();
    expect(calls).toEqual([
      {
        args: expect.arrayContaining(["install", "--omit=dev", "--os=linux", "--cpu=arm64", "--libc=glibc"]),
        environment: expect.objectContaining({ npm_config_platform: "linux", npm_config_arch: "arm64" }),
        packageJson: { private: true, dependencies: { native: "1.2.3" }, overrides: { helper: "4.5.6" } },
        npmrc: true,
      },
    ]);
    expect(await readdir(outDirectory)).toEqual(["node_modules"]);
    expect(await readdir(join(outDirectory, "node_modules"))).toEqual(["native"]);
  });

  it("are copied as they are where none of them is native, nor has a script that may fetch what is", async () => {
    const { calls, npm } = fakeNpm({ "fetches/package.json": "{}" });
    await install("plain", { dependencies: { inner: "1" } });
    await install("inner");
    expect(await installForLambda([installed("plain")], outDirectory, project.directory, npm)).toBeUndefined();
    expect(await readdir(join(outDirectory, "node_modules"))).toEqual(["inner", "plain"]);
    expect(calls).toEqual([]);
    await install("fetches", { scripts: { postinstall: "node fetch.js" } });
    await installForLambda([installed("fetches"), installed("plain")], outDirectory, project.directory, npm);
    expect(calls).toHaveLength(1);
  });

  it("may bring add-ons for many systems, if Lambda's is among them", async () => {
    await install("native", { gypfile: true });
    const { npm } = fakeNpm({
      "native/package.json": "{}",
      "native/prebuilds/linux-arm64/x.node": elf(0xb7),
      "native/prebuilds/linux-x64/x.node": elf(0x3e),
      "native/prebuilds/win32-x64/x.node": "MZ",
    });
    expect(await installForLambda([installed("native")], outDirectory, project.directory, npm)).toBeUndefined();
  });

  it("must not have been left unbuilt", async () => {
    await install("native", { gypfile: true });
    const { npm } = fakeNpm({ "native/package.json": "{}", "native/binding.gyp": "{}" });
    expect(await installForLambda([installed("native")], outDirectory, project.directory, npm)).toEqual({
      problem: expect.stringMatching(/^the package native has no native code for Lambda /),
    });
  });

  it("run the install scripts that the user's project allows, if it says which", async () => {
    await install("native", { gypfile: true });
    await project.write("package.json", '{ "allowScripts": { "native": false } }');
    const { calls, npm } = fakeNpm({});
    await installForLambda([installed("native")], outDirectory, project.directory, npm);
    expect(calls[0]?.packageJson).toMatchObject({ allowScripts: { native: false } });
  });

  it("must not have been built for this machine", async () => {
    await install("@scope/native", { gypfile: true });
    const { npm } = fakeNpm({ "@scope/native/package.json": "{}", "@scope/native/build/Release/x.node": elf(0x3e) });
    expect(await installForLambda([installed("@scope/native")], outDirectory, project.directory, npm)).toEqual({
      problem:
        "the package @scope/native has no native code for Lambda (Linux on arm64); use a version of it that brings ready-made binaries for Linux on arm64",
    });
  });

  it("have the Prisma client that the user generated, with the engine of Lambda", async () => {
    await install("@prisma/client", { version: "5.0.0" });
    await install(".prisma/client");
    await writeFile(join(project.directory, "node_modules/.prisma/client/engine.so.node"), elf(0x3e));
    const { calls, npm } = fakeNpm({ "@prisma/client/package.json": "{}" });
    const packages = [installed(".prisma/client"), installed("@prisma/client")];
    const build = () => installForLambda(packages, outDirectory, project.directory, npm);
    expect(await build()).toEqual({
      problem: expect.stringContaining('add "linux-arm64-openssl-3.0.x" to binaryTargets'),
    });
    expect(calls[0]?.packageJson).toEqual({
      private: true,
      dependencies: { "@prisma/client": "5.0.0" },
      overrides: {},
    });
    await writeFile(join(project.directory, "node_modules/.prisma/client/arm.so.node"), elf(0xb7));
    expect(await build()).toBeUndefined();
  });

  it("that npm cannot install are a problem in npm's own words", async () => {
    await install("native", { gypfile: true, version: "9.9.9" });
    const npm: Npm = () =>
      Promise.reject(
        Object.assign(new Error("x"), { stderr: "npm error code ETARGET\nnpm error notarget No matching version\n" }),
      );
    expect(await installForLambda([installed("native")], outDirectory, project.directory, npm)).toEqual({
      problem: "npm cannot install native@9.9.9 for Lambda: code ETARGET | notarget No matching version",
    });
  });
});
