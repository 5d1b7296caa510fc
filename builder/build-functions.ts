import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type BuildProblem, FunctionBuildError } from "./build-errors.ts";
import { type Bundle, bundleFunction } from "./bundle-function.ts";
import { sameNames, sameTags, unknownFollowUps } from "./check-names.ts";
import { copyPackages, linkPackages } from "./copy-packages.ts";
import { findFunctions, projectRoot } from "./find-functions.ts";
import { installForLambda } from "./install-for-lambda.ts";
import type { UserEnvironment } from "./load-environment.ts";
import type { FunctionManifest, ManifestResult } from "./manifest.ts";
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
  /** A line for each fault of what was left out. Empty unless `partial`. */
  problems: string[];
  /** A line for each fault of a file whose last good build is used. */
  outdated: string[];
  /** Absolute paths of all the project's files that went in. */
  inputs: string[];
}

export interface BuildFunctionsOptions {
  directory: string;
  outDirectory: string;
  /** Place they are to run: here, or on Lambda (Linux, arm64). */
  platform: "host" | "lambda";
  /** @default - no variables */
  environment?: UserEnvironment;
  /** Whether the good functions are built even if others cannot be. */
  partial?: boolean;
  /** An earlier build: with `partial`, its functions stand in for files that cannot be built any more. */
  lastGood?: readonly BuiltFunction[];
}

/** A file is a function, a helper, or has problems. */
type FileResult =
  | (BuiltFunction & { warnings: string[]; inputs: string[] })
  | { warnings: string[]; inputs: string[] }
  | { problems: BuildProblem[]; inputs: string[] };

const HELPER =
  "it has no default export, so it is no function; if it should be one, write: export default defer(yourFunction)";

const COMMONJS_HELPER =
  "it exports no deferred function, so it is no function; if it should be one, write: module.exports = defer(yourFunction)";

/** A bundle that has not changed has the manifest it had. */
const manifests = new Map<string, ManifestResult>();

/**
 * Builds all functions of a folder.
 * @throws FunctionBuildError with everything that is wrong with all of them; with `partial`, only if none can be built
 */
export async function buildFunctions(options: BuildFunctionsOptions): Promise<BuiltFunctions> {
  const { directory, outDirectory, partial = false, lastGood = [] } = options;
  const root = projectRoot(resolve(directory));
  const sources = await findFunctions(resolve(directory));
  const bundles = await Promise.all(
    sources.map((source, index) => bundleFunction(source, root, resolve(outDirectory, String(index)))),
  );
  const results = await mapConcurrently(bundles, async (bundle) =>
    "problems" in bundle ? { ...bundle, inputs: [] } : complete(bundle, root, options),
  );
  const built = results.filter((result) => "manifest" in result);
  const manifests = built.map(({ manifest }) => manifest);
  const doubles = [...sameNames(manifests), ...sameTags(manifests)];
  const bad = results.flatMap((result) => ("problems" in result ? result.problems : []));
  // A function that could not be built may be the one that is named.
  const followUps = bad.length === 0 ? unknownFollowUps(manifests) : [];
  const refusal = new FunctionBuildError([...bad, ...doubles, ...followUps]);
  const good = built.filter(({ manifest }) => !doubles.some(({ file }) => file === manifest.file));
  const kept = lastGood.filter(({ manifest }) => bad.some(({ file }) => file === manifest.file));
  const functions = [...good, ...kept].sort(byName);
  if (refusal.problems.length > 0 && (!partial || functions.length === 0)) throw refusal;
  if (functions.length === 0) throw noFunctions(directory);
  const isKept = (file: string | undefined) => kept.some(({ manifest }) => manifest.file === file);
  return {
    functions: functions.map(({ manifest, directory }) => ({ manifest, directory })),
    warnings: [...new Set(results.flatMap((result) => ("warnings" in result ? result.warnings : [])))],
    problems: new FunctionBuildError(refusal.problems.filter(({ file }) => !isKept(file))).lines,
    outdated: new FunctionBuildError(refusal.problems.filter(({ file }) => isKept(file))).lines,
    inputs: [...new Set(results.flatMap(({ inputs }) => inputs))].sort(),
  };
}

/** Reads the manifest, and puts the packages beside the bundle that could not be part of it. */
async function complete(
  bundle: Bundle,
  root: string,
  { platform, environment = { all: {}, overrides: {} } }: BuildFunctionsOptions,
): Promise<FileResult> {
  const { externals, file, inputs } = bundle;
  const refuse = (message: string): FileResult => ({ problems: [{ file, message }], inputs });
  const directory = dirname(bundle.path);
  const helper = (): FileResult => ({
    warnings: [`${file}: warning: ${bundle.isCommonJs ? COMMONJS_HELPER : HELPER}`, ...bundle.warnings],
    inputs,
  });
  if (bundle.isHelper) return helper();
  if (platform === "host") await copyPackages(externals, directory);
  // This machine cannot load what is made for Lambda, so it looks at the bundle with the packages that it has itself.
  else await linkPackages(externals, directory);
  const result = await manifestOf(bundle, environment);
  if ("problem" in result) return bundle.isCommonJs && result.isNotDeferred ? helper() : refuse(result.problem);
  if (platform === "lambda" && externals.length > 0) {
    await rm(join(directory, "node_modules"), { recursive: true });
    const failure = await installForLambda(externals, directory, root);
    if (failure !== undefined) return refuse(failure.problem);
  }
  const warnings = [...bundle.warnings, ...result.warnings.map((warning) => `${file}: warning: ${warning}`)];
  return { manifest: result.manifest, directory, warnings, inputs };
}

async function manifestOf({ hash, path, file }: Bundle, environment: UserEnvironment): Promise<ManifestResult> {
  const key = JSON.stringify([hash, file, environment]);
  const known = manifests.get(key);
  if (known !== undefined) return known;
  const result = await readWithVariables(path, file, environment);
  if (!("problem" in result)) manifests.set(key, result);
  return result;
}

// A function's name is in its manifest, and its own variables go by that: they are tried where it does not load
// without.
async function readWithVariables(
  path: string,
  file: string,
  { all, overrides }: UserEnvironment,
): Promise<ManifestResult> {
  const read = (own: Record<string, string>) => readManifest(path, file, { variables: { ...all, ...own } });
  const common = await read({});
  if (!("problem" in common)) {
    const own = overrides[common.manifest.name];
    return own === undefined ? common : read(own);
  }
  for (const [name, own] of Object.entries(overrides)) {
    const result = await read(own);
    if (!("problem" in result) && result.manifest.name === name) return result;
  }
  return common;
}

function byName({ manifest: a }: BuiltFunction, { manifest: b }: BuiltFunction): number {
  if (a.name === b.name) return a.file < b.file ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

function noFunctions(directory: string): FunctionBuildError {
  const message = `no file in ${directory} has a default export; write: export default defer(yourFunction)`;
  return new FunctionBuildError([{ message }]);
}
