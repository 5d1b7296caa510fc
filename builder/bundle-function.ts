import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { type BuildFailure, type BuildOptions, type BuildResult, build, type Loader, type Metafile } from "esbuild";
import type { BuildProblem } from "./build-errors.ts";
import { bundlerLine, packageName, slashes } from "./bundler-messages.ts";
import { type ExternalPackage, externalPackages } from "./external-packages.ts";
import { portableSourceMap } from "./source-map.ts";

export interface Bundle {
  /** Of the function's source, relative to the project, with slashes. */
  file: string;
  /** Of the bundle, `function.mjs`. */
  path: string;
  /** Changes when the bundle, or a package beside it, does. */
  hash: string;
  /** Packages that have to be installed beside the bundle. */
  externals: ExternalPackage[];
  warnings: string[];
  /** Absolute paths of the project's files that went in. */
  inputs: string[];
}

const IMAGES = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".ico"];

/** Files other than code come as text, images as data URLs: the bundle stays one file, and needs no path at run time. */
const LOADERS: Record<string, Loader> = {
  ".txt": "text",
  ".html": "text",
  ".htm": "text",
  ".md": "text",
  ".markdown": "text",
  ...Object.fromEntries(IMAGES.map((end) => [end, "dataurl" as const])),
  ".cjsx": "jsx",
  ".mjsx": "jsx",
  ".ctsx": "tsx",
  ".mtsx": "tsx",
};

const OPTIONS = {
  write: false,
  metafile: true,
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  treeShaking: true,
  // A function's name is its identity: the bundler must not change it.
  keepNames: true,
  // Where the user's tsconfig.json says nothing of JSX, or leaves it to others as Next.js wants it.
  jsx: "automatic",
  sourcemap: "linked",
  sourcesContent: false,
  charset: "utf8",
  loader: LOADERS,
  logLevel: "silent",
} satisfies BuildOptions;

/**
 * Bundles one function into `directory/function.mjs`, with its source map beside it and nothing else. The same sources
 * give the same bytes wherever the project lies.
 * @returns the problems if the source cannot be bundled
 */
export async function bundleFunction(
  source: string,
  root: string,
  directory: string,
): Promise<Bundle | { problems: BuildProblem[] }> {
  const file = slashes(relative(root, source));
  const path = join(directory, "function.mjs");
  const externals = externalPackages();
  const inAndOut = { absWorkingDir: root, entryPoints: [source], outfile: path };
  const result = await build({ ...OPTIONS, ...inAndOut, plugins: [externals.plugin] }).catch(failureOf);
  if (result instanceof Error)
    return { problems: result.errors.map((message) => ({ file, message: bundlerLine(message) })) };
  const code = outputOf(result, path);
  const beside = externals.found(importedPackages(result.metafile));
  // What an earlier build left behind must not be deployed.
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await Promise.all([
    writeFile(path, code),
    writeFile(`${path}.map`, portableSourceMap(outputOf(result, `${path}.map`), directory, root)),
  ]);
  return {
    file,
    path,
    hash: hashOf(code, beside),
    externals: beside,
    warnings: result.warnings.map((message) => `${file}: warning: ${bundlerLine(message)}`),
    inputs: Object.keys(result.metafile.inputs)
      .filter((input) => !input.includes("node_modules/") && !input.startsWith("("))
      .map((input) => resolve(root, input)),
  };
}

function outputOf(result: BuildResult<typeof OPTIONS>, path: string): string {
  const output = result.outputFiles.find((file) => file.path === path);
  if (output === undefined) throw new Error(`esbuild made no ${path}`);
  return output.text;
}

// Only what is left after tree shaking has to be installed.
function importedPackages({ outputs }: Metafile): Set<string> {
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  return new Set(imports.filter(({ external }) => external).map(({ path }) => packageName(path)));
}

function hashOf(code: string, externals: readonly ExternalPackage[]): string {
  const hash = createHash("sha256").update(code);
  for (const { name, version } of externals) hash.update(`\n${name}@${version}`);
  return hash.digest("hex");
}

// The bundler's own failures are about the user's code. Others are about ours.
function failureOf(error: unknown): BuildFailure {
  if (error instanceof Error && "errors" in error) return error as BuildFailure;
  throw error;
}
