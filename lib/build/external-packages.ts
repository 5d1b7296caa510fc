import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";

/** A package that cannot be part of a bundle and is installed beside it. */
export interface ExternalPackage {
  name: string;
  version: string;
  /** Where it is installed in the user's project. */
  directory: string;
}

interface PackageJson {
  name?: string;
  version?: string;
  gypfile?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** They find files of theirs at run time, beside their own code. */
const KNOWN = new Set(["@prisma/client", "prisma", "sharp", "canvas", "bcrypt", "better-sqlite3"]);

/** Keeps packages with native code out of a bundle, and tells which they were. */
export function externalPackages(): { plugin: Plugin; found(): ExternalPackage[] } {
  const found = new Map<string, ExternalPackage>();
  const plugin: Plugin = {
    name: "external-packages",
    setup(build) {
      build.onResolve({ filter: /^[^./#]/ }, ({ path, resolveDir, kind }) => {
        if (kind === "entry-point" || isBuiltin(path)) return undefined;
        const external = lookUp(packageName(path), resolveDir);
        if (external === undefined) return undefined;
        found.set(external.name, external);
        return { path, external: true };
      });
    },
  };
  return { plugin, found: () => [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/**
 * Puts `packages` and all they depend on into `directory/node_modules`, as they are installed in the user's project:
 * for running on this machine.
 */
export async function copyPackages(packages: readonly ExternalPackage[], directory: string): Promise<void> {
  for (const external of withDependencies(packages)) {
    const target = join(directory, "node_modules", external.name);
    await mkdir(dirname(target), { recursive: true });
    await cp(external.directory, target, { recursive: true, dereference: true });
  }
}

/** The arguments of the npm call that installs what `package.json` names for Lambda: Linux on arm64. */
export const installForLambda = [
  "install",
  "--omit=dev",
  "--no-audit",
  "--no-fund",
  "--os=linux",
  "--cpu=arm64",
  "--libc=glibc",
];

/** Writes the `package.json` by which npm installs exactly the versions of the user's project. */
export async function writePackageJson(packages: readonly ExternalPackage[], directory: string): Promise<void> {
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  await writeFile(join(directory, "package.json"), `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`);
}

function lookUp(name: string, from: string): ExternalPackage | undefined {
  const directory = findPackage(name, from);
  if (directory === undefined) return undefined;
  const manifest = readPackageJson(directory);
  return KNOWN.has(name) || isNative(directory, manifest)
    ? { name, version: manifest.version ?? "*", directory }
    : undefined;
}

function isNative(directory: string, manifest: PackageJson): boolean {
  if (manifest.gypfile || existsSync(join(directory, "binding.gyp")) || existsSync(join(directory, "prebuilds")))
    return true;
  // Ready-made binaries come as optional packages, one for each platform, or lie in the package itself.
  const isPlatformPackage = (name: string) => /(linux|darwin|win32)-(x64|arm64)/.test(name);
  if (Object.keys(manifest.optionalDependencies ?? {}).some(isPlatformPackage)) return true;
  return readdirSync(directory).some((name) => name.endsWith(".node"));
}

function withDependencies(packages: readonly ExternalPackage[]): ExternalPackage[] {
  const all = new Map<string, ExternalPackage>();
  const add = (external: ExternalPackage) => {
    if (all.has(external.name)) return;
    all.set(external.name, external);
    const { dependencies, optionalDependencies } = readPackageJson(external.directory);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const directory = findPackage(name, external.directory);
      // Optional ones may not be installed: they are for other platforms.
      if (directory !== undefined) add({ name, directory, version: readPackageJson(directory).version ?? "*" });
    }
  };
  packages.forEach(add);
  return [...all.values()];
}

function findPackage(name: string, from: string): string | undefined {
  const folders = createRequire(join(from, "x.js")).resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name)).find((directory) => existsSync(join(directory, "package.json")));
}

function readPackageJson(directory: string): PackageJson {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf-8")) as PackageJson;
}

function packageName(path: string): string {
  return path.split("/", path.startsWith("@") ? 2 : 1).join("/");
}
