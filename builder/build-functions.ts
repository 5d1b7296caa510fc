import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { functionTag } from "../lambdas/core/ids.ts";
import { type BuildProblem, FunctionBuildError } from "./build-errors.ts";
import { type Bundle, bundleFunction } from "./bundle-function.ts";
import { copyPackages, linkPackages } from "./copy-packages.ts";
import { findFunctions, projectRoot } from "./find-functions.ts";
import { installForLambda } from "./install-for-lambda.ts";
import type { FunctionManifest } from "./manifest.ts";
import { mapConcurrently } from "./map-concurrently.ts";
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
  const bundles = await Promise.all(
    sources.map((source, index) => bundleFunction(source, root, resolve(outDirectory, String(index)))),
  );
  const results = await mapConcurrently(bundles, async (bundle) =>
    "problems" in bundle ? bundle : complete(bundle, root, platform),
  );
  const functions = results.filter((result) => "manifest" in result).sort(byName);
  const problems = results.flatMap((result) => ("problems" in result ? result.problems : []));
  const found = functions.map(({ manifest }) => manifest);
  problems.push(...sameNames(found), ...sameTags(found));
  if (problems.length > 0) throw new FunctionBuildError(problems);
  const good = bundles.filter((bundle): bundle is Bundle => !("problems" in bundle));
  return {
    functions,
    warnings: [...new Set(good.flatMap(({ warnings }) => warnings))],
    inputs: [...new Set(good.flatMap(({ inputs }) => inputs))].sort(),
  };
}

/** Reads the manifest, and puts the packages beside the bundle that could not be part of it. */
async function complete(
  bundle: Bundle,
  root: string,
  platform: "host" | "lambda",
): Promise<BuiltFunction | { problems: BuildProblem[] }> {
  const { externals, file } = bundle;
  const directory = dirname(bundle.path);
  if (platform === "host") await copyPackages(externals, directory);
  // This machine cannot load what is made for Lambda, so it looks at the bundle with the packages that it has itself.
  else await linkPackages(externals, directory);
  const manifest = await manifestOf(bundle);
  if ("problem" in manifest) return { problems: [{ file, message: manifest.problem }] };
  if (platform === "lambda" && externals.length > 0) {
    await rm(join(directory, "node_modules"), { recursive: true });
    const failure = await installForLambda(externals, directory, root);
    if (failure !== undefined) return { problems: [{ file, message: failure.problem }] };
  }
  return { manifest, directory };
}

async function manifestOf({ hash, path, file }: Bundle): Promise<FunctionManifest | { problem: string }> {
  const known = manifests.get(`${hash} ${file}`);
  if (known !== undefined) return known;
  const manifest = await readManifest(path, file);
  if (!("problem" in manifest)) manifests.set(`${hash} ${file}`, manifest);
  return manifest;
}

function byName({ manifest: a }: BuiltFunction, { manifest: b }: BuiltFunction): number {
  if (a.name === b.name) return a.file < b.file ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/**
 * A function's role reaches the executions whose ids carry its tag, so two functions must not have the same: one chance
 * in some four thousand million for each two.
 */
function sameTags(manifests: readonly FunctionManifest[]): BuildProblem[] {
  const groups = Map.groupBy(manifests, ({ id }) => functionTag(id));
  return [...groups.values()].flatMap(([first, ...others]) =>
    others
      .filter(({ name }) => name !== first?.name)
      .map(({ name, file }) => ({
        file,
        message: `the ids of ${name} cannot be told from those of ${first?.name} (${first?.file}); rename one of them`,
      })),
  );
}

// Names that differ in case alone are told apart by SQS, but not by the people who read them in the console.
function sameNames(manifests: FunctionManifest[]): BuildProblem[] {
  const byFile = manifests.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  const groups = Map.groupBy(byFile, ({ name }) => name.toLowerCase());
  return [...groups.values()].flatMap(([first, ...others]) =>
    others.map(({ name, file }) => {
      const same = name === first?.name ? "" : ` (as ${first?.name}: the case of letters is not enough)`;
      return {
        file,
        message: `the function's name ${name} is used by ${first?.file} too${same}; give each function a name of its own`,
      };
    }),
  );
}
