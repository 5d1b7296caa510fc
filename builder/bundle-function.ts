import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { type BuildFailure, type BuildResult, build, type Message, type Metafile } from "esbuild";
import type { BuildProblem } from "./build-errors.ts";
import { BUNDLE_OPTIONS, isForUs } from "./bundle-options.ts";
import { bundlerLine, slashes } from "./bundler-messages.ts";
import { decoratorMetadata } from "./decorator-metadata.ts";
import { frameworkImports } from "./framework-imports.ts";
import type { InstalledPackage } from "./installed-packages.ts";
import { isInPackage } from "./installed-packages.ts";
import { OutsidePackages } from "./outside-packages.ts";
import { packageImports } from "./package-imports.ts";
import { copyIncluded, readPackaging } from "./packaging.ts";
import { portableSourceMap } from "./source-map.ts";

export interface Bundle {
  /** Path of the function's source, relative to the project, with slashes. */
  file: string;
  /** Path of the bundle, `function.mjs`. */
  path: string;
  /** Changes when the bundle, or a package beside it, does. */
  hash: string;
  /** Packages to install beside the bundle, with all they depend on. */
  externals: InstalledPackage[];
  warnings: string[];
  /** Whether it can be told from the source alone that this is no function, but something that others import. */
  isHelper: boolean;
  /** Then it has a default export always, whether it is a function or not. */
  isCommonJs: boolean;
  /** Absolute paths of the project's files that went in. */
  inputs: string[];
}

type Result = BuildResult<typeof BUNDLE_OPTIONS>;

/**
 * Bundles one function into `directory/function.mjs`, with its source map beside it. The same sources
 * give the same bytes wherever the project lies.
 *
 * Everything is bundled first; then again without the packages that cannot be in a bundle, until there are none left.
 * @returns the problems if the source cannot be bundled
 */
export async function bundleFunction(
  source: string,
  root: string,
  directory: string,
): Promise<Bundle | { problems: BuildProblem[] }> {
  const file = slashes(relative(root, source));
  const path = join(directory, "function.mjs");
  const refuse = (...messages: string[]) => ({ problems: messages.map((message) => ({ file, message })) });
  const packaging = await readPackaging(source);
  if ("problem" in packaging) return refuse(packaging.problem);
  const outside = new OutsidePackages(root);
  const unknown = packaging.external.filter((name) => !outside.addNamed(name));
  if (unknown.length > 0)
    return refuse(...unknown.map((name) => `config.external: ${name} is not installed; run: npm install ${name}`));
  const result = await bundleWithout(outside, source, root, path);
  if (result instanceof Error) return refuse(...result.errors.map(bundlerLine));
  const code = outputOf(result, path);
  const externals = outside.imported(result.metafile);
  // Leftovers of an earlier build must not be deployed.
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await Promise.all([
    writeFile(path, code),
    writeFile(`${path}.map`, portableSourceMap(outputOf(result, `${path}.map`), directory, root)),
  ]);
  const included = await copyIncluded(packaging.include, root, directory);
  if ("problem" in included) return refuse(included.problem);
  return {
    file,
    path,
    hash: hashOf(code, externals),
    externals,
    warnings: result.warnings.filter(isForUser).map((message) => warningLine(message, file)),
    ...kindOf(result.metafile),
    inputs: Object.keys(result.metafile.inputs)
      .filter((input) => !isInPackage(input) && !/^[(\w-]+:/.test(input))
      .map((input) => resolve(root, input))
      .concat(included),
  };
}

async function bundleWithout(
  outside: OutsidePackages,
  source: string,
  root: string,
  path: string,
): Promise<Result | BuildFailure> {
  const plugins = [frameworkImports(root), packageImports(outside), decoratorMetadata()];
  for (;;) {
    outside.startPass();
    const result = await build({
      ...BUNDLE_OPTIONS,
      absWorkingDir: root,
      entryPoints: [source],
      outfile: path,
      plugins,
    }).catch(failureOf);
    if (result instanceof Error) {
      // A package that the bundler cannot read may be all right for Node.
      if (!outside.addUnreadable(result.errors)) return result;
    } else if (!(await outside.addFrom(result))) {
      return result;
    }
  }
}

/** CommonJS is a function or not only once it is loaded, but it cannot be one without the client. */
function kindOf({ inputs, outputs }: Metafile): Pick<Bundle, "isCommonJs" | "isHelper"> {
  const main = Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined);
  const isCommonJs = inputs[main?.entryPoint ?? ""]?.format === "cjs";
  const imported = [...Object.keys(inputs), ...(main?.imports ?? []).map(({ path }) => path)];
  const hasClient = imported.some((path) => path.includes("@defer/client"));
  return { isCommonJs, isHelper: isCommonJs ? !hasClient : !main?.exports.includes("default") };
}

function outputOf(result: Result, path: string): string {
  const output = result.outputFiles.find((file) => file.path === path);
  if (output === undefined) throw new Error(`esbuild made no ${path}`);
  return output.text;
}

function hashOf(code: string, externals: readonly InstalledPackage[]): string {
  const hash = createHash("sha256").update(code);
  for (const { name, version } of externals) hash.update(`\n${name}@${version}`);
  return hash.digest("hex");
}

function isForUser({ id, location }: Message): boolean {
  return !isForUs(id) && !isInPackage(location?.file ?? "");
}

// By the file that it is about, so that a file of many functions is warned of once.
function warningLine(message: Message, file: string): string {
  return `${slashes(message.location?.file ?? file)}: warning: ${bundlerLine(message)}`;
}

// The bundler's own failures are about the user's code. Others are about ours.
function failureOf(error: unknown): BuildFailure {
  if (error instanceof Error && "errors" in error) return error as BuildFailure;
  throw error;
}
