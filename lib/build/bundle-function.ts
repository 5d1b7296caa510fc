import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { type BuildFailure, type BuildResult, build, type Message } from "esbuild";
import type { BuildProblem } from "./build-errors.ts";
import { type ExternalPackage, externalPackages } from "./external-packages.ts";
import { portableSourceMap } from "./source-map.ts";

export interface Bundle {
  /** Of the function's source, relative to the project, with slashes. */
  file: string;
  /** Of the bundle, `function.mjs`. */
  path: string;
  /** Changes when the bundle does. */
  hash: string;
  /** Packages that have to be installed beside the bundle. */
  externals: ExternalPackage[];
  warnings: string[];
  /** Absolute paths of the project's files that went in. */
  inputs: string[];
}

/**
 * Bundles one function into `directory/function.mjs`, with its source map beside it. The same sources give the same bytes
 * wherever the project lies.
 * @returns the problems if the source cannot be bundled
 */
export async function bundleFunction(
  source: string,
  root: string,
  directory: string,
): Promise<Bundle | { problems: BuildProblem[] }> {
  const externals = externalPackages();
  const path = join(directory, "function.mjs");
  let result: Awaited<ReturnType<typeof runEsbuild>>;
  try {
    result = await runEsbuild(source, root, path, externals.plugin);
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return { problems: error.errors.map((message) => problemOf(message, source, root)) };
  }
  const [code, map] = ["function.mjs", "function.mjs.map"].map((name) => outputOf(result, join(directory, name)));
  if (code === undefined || map === undefined) throw new Error(`esbuild made no bundle of ${source}`);
  await mkdir(directory, { recursive: true });
  await Promise.all([writeFile(path, code), writeFile(`${path}.map`, portableSourceMap(map, directory, root))]);
  return {
    file: slashes(relative(root, source)),
    path,
    hash: createHash("sha256").update(code).digest("hex"),
    externals: externals.found(),
    warnings: result.warnings.map((message) => lineOf(problemOf(message, source, root))),
    inputs: Object.keys(result.metafile.inputs)
      .filter((input) => !input.includes("node_modules/") && !input.startsWith("("))
      .map((input) => resolve(root, input)),
  };
}

function runEsbuild(
  source: string,
  root: string,
  outfile: string,
  plugin: ReturnType<typeof externalPackages>["plugin"],
) {
  return build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile,
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    treeShaking: true,
    // A function's name is its identity: the bundler must not change it.
    keepNames: true,
    sourcemap: "linked",
    sourcesContent: false,
    charset: "utf8",
    loader: {
      ".txt": "text",
      ".html": "text",
      ".md": "text",
      ".png": "dataurl",
      ".jpg": "dataurl",
      ".jpeg": "dataurl",
      ".gif": "dataurl",
      ".svg": "dataurl",
      ".webp": "dataurl",
      ".ico": "dataurl",
      ".cjsx": "jsx",
      ".mjsx": "jsx",
      ".ctsx": "tsx",
      ".mtsx": "tsx",
    },
    logLevel: "silent",
    plugins: [plugin],
  });
}

function outputOf(result: BuildResult, path: string): string | undefined {
  return result.outputFiles?.find((file) => file.path === path)?.text;
}

function problemOf({ text, location }: Message, source: string, root: string): BuildProblem {
  const file = slashes(relative(root, source));
  if (location === null) return { file, message: text };
  const where = `${slashes(location.file)}:${location.line}:${location.column + 1}`;
  return slashes(location.file) === file
    ? { file, message: `${text} (${location.line}:${location.column + 1})` }
    : { file, message: `${text} (${where})` };
}

function lineOf({ file, message }: BuildProblem): string {
  return `${file}: warning: ${message}`;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function slashes(path: string): string {
  return path.split(sep).join("/");
}
