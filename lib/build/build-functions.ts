import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type BuildProblem, FunctionBuildError } from "./build-errors.ts";
import { type Bundle, bundleFunction } from "./bundle-function.ts";
import { copyPackages, type ExternalPackage, installForLambda, writePackageJson } from "./external-packages.ts";
import { findFunctions, projectRoot } from "./find-functions.ts";
import type { FunctionManifest } from "./manifest.ts";
import { readManifest } from "./read-manifest.ts";

export interface BuiltFunction {
  manifest: FunctionManifest;
  /** Holds `function.mjs`, its source map, and `node_modules` if packages had to stay out of the bundle. */
  directory: string;
}

export interface BuiltFunctions {
  /** By name. */
  functions: BuiltFunction[];
  /** A line each. */
  warnings: string[];
  /** Absolute paths of all the project's files that went in. */
  inputs: string[];
}

export interface BuildFunctionsOptions {
  directory: string;
  outDirectory: string;
  /** Where they are to run: here, or on Lambda (Linux, arm64). */
  platform: "host" | "lambda";
}

/** A bundle that has not changed has the manifest it had. */
const manifests = new Map<string, FunctionManifest>();

/**
 * Builds all functions of a folder.
 * @throws FunctionBuildError with everything that is wrong with all of them
 */
export async function buildFunctions({
  directory,
  outDirectory,
  platform,
}: BuildFunctionsOptions): Promise<BuiltFunctions> {
  const root = projectRoot(resolve(directory));
  const sources = await findFunctions(resolve(directory));
  const problems: BuildProblem[] = [];
  const bundles = await Promise.all(
    sources.map((source, index) => bundleFunction(source, root, join(outDirectory, String(index)))),
  );
  const built = await inTurns(bundles, async (bundle, index) => {
    if ("problems" in bundle) return void problems.push(...bundle.problems);
    const folder = join(outDirectory, String(index));
    await addPackages(bundle.externals, folder, platform);
    const manifest = await manifestOf(bundle);
    if ("problem" in manifest) return void problems.push({ file: bundle.file, message: manifest.problem });
    return { manifest, directory: folder };
  });
  const functions = built
    .filter((one) => one !== undefined)
    .sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));
  problems.push(...sameNames(functions.map(({ manifest }) => manifest)));
  if (problems.length > 0) throw new FunctionBuildError(problems);
  const good = bundles.filter((bundle): bundle is Bundle => !("problems" in bundle));
  return {
    functions,
    warnings: good.flatMap(({ warnings }) => warnings),
    inputs: [...new Set(good.flatMap(({ inputs }) => inputs))].sort(),
  };
}

async function manifestOf({ hash, path, file }: Bundle): Promise<FunctionManifest | { problem: string }> {
  const known = manifests.get(`${hash} ${file}`);
  if (known !== undefined) return known;
  const manifest = await readManifest(path, file);
  if (!("problem" in manifest)) manifests.set(`${hash} ${file}`, manifest);
  return manifest;
}

async function addPackages(packages: ExternalPackage[], directory: string, platform: "host" | "lambda"): Promise<void> {
  if (packages.length === 0) return;
  if (platform === "host") return copyPackages(packages, directory);
  await writePackageJson(packages, directory);
  await promisify(execFile)("npm", installForLambda, { cwd: directory });
}

// Names that differ in case alone are told apart by SQS, but not by the people who read them in the console.
function sameNames(manifests: FunctionManifest[]): BuildProblem[] {
  const byFile = manifests.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  const byName = Map.groupBy(byFile, ({ name }) => name.toLowerCase());
  return [...byName.values()].flatMap(([first, ...others]) =>
    others.map(({ name, file }) => ({
      file,
      message: `the function's name ${name} is used by ${first?.file} too; give each function a name of its own`,
    })),
  );
}

/** Maps with one worker for each core. */
async function inTurns<In, Out>(items: readonly In[], map: (item: In, index: number) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await map(item, index);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
