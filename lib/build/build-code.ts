import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type BuiltFunction, buildFunctions } from "./build-functions.ts";
import { portableSourceMap } from "./source-map.ts";

/** The folders to deploy, one for each Lambda. */
export interface LambdaCode {
  api: string;
  fire: string;
  /** The runner's code with the user's bundle and manifest beside it. */
  functions: BuiltFunction[];
  warnings: string[];
  /** All the source files of the user that went in. */
  inputs: string[];
}

export interface BuildCodeOptions {
  /** The folder of the user's functions. */
  functions: string;
  outDirectory: string;
  /** Where the code is to run: here, or on Lambda (Linux, arm64). */
  platform: "host" | "lambda";
}

const project = fileURLToPath(new URL("../../", import.meta.url));
const lambdas = join(project, "lambdas");

/**
 * Builds everything that goes to Lambda: the user's functions and our own handlers.
 * @throws FunctionBuildError if the user's functions cannot be built; its message is for the user
 */
export async function buildCode({ functions, outDirectory, platform }: BuildCodeOptions): Promise<LambdaCode> {
  const [user, own] = await Promise.all([
    buildFunctions({ directory: functions, outDirectory: join(outDirectory, "functions"), platform }),
    buildOwn(join(outDirectory, "own")),
  ]);
  await Promise.all(user.functions.map((built) => addRunner(built, own.run)));
  const catalog = user.functions.map(({ manifest: { name, id, concurrency } }) => ({
    name,
    id,
    fifo: concurrency === 1,
  }));
  await Promise.all([own.api, own.fire].map((folder) => writeJson(join(folder, "functions.json"), catalog)));
  return { ...user, api: own.api, fire: own.fire };
}

async function buildOwn(outDirectory: string): Promise<{ api: string; fire: string; run: string }> {
  const folder = (name: string) => join(outDirectory, name);
  const { outputFiles } = await build({
    absWorkingDir: lambdas,
    write: false,
    entryPoints: {
      "api/index": "api/handler.ts",
      "fire/index": "fire/handler.ts",
      "run/index": "run/handler.ts",
      "run/child": "run/child.ts",
    },
    outdir: outDirectory,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    sourcemap: "linked",
    sourcesContent: false,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    // Some of the SDK's dependencies are CommonJS and ask for Node's modules by `require`.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "silent",
  });
  await Promise.all(["api", "fire", "run"].map((name) => mkdir(folder(name), { recursive: true })));
  await Promise.all(
    outputFiles.map(({ path, text }) =>
      writeFile(path, path.endsWith(".map") ? portableSourceMap(text, dirname(path), project) : text),
    ),
  );
  return { api: folder("api"), fire: folder("fire"), run: folder("run") };
}

async function addRunner({ manifest, directory }: BuiltFunction, runner: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const files = ["index.mjs", "index.mjs.map", "child.mjs", "child.mjs.map"];
  await Promise.all(files.map((file) => copyFile(join(runner, file), join(directory, file))));
  const { name, id, concurrency, maxDurationSeconds } = manifest;
  await writeJson(join(directory, "function.json"), { name, id, fifo: concurrency === 1, maxDurationSeconds });
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
