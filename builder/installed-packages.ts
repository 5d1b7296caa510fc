import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";

/** A package as it is installed in the user's project. */
export interface InstalledPackage {
  name: string;
  version: string;
  /**
   * Real path: with pnpm, `node_modules` holds links only, and what it depends on lies beside the real one.
   */
  directory: string;
}

export interface PackageJson {
  version?: string;
  type?: string;
  gypfile?: boolean;
  /** Whose install scripts npm may run. */
  allowScripts?: Record<string, boolean>;
  sideEffects?: boolean | string[];
  bin?: unknown;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** The package called `name` that code in the folder `from` gets, as Node looks for it. */
export function findPackage(name: string, from: string): InstalledPackage | undefined {
  // With a slash, since Node looks in no folder for a name that is one of its own modules.
  const folders = createRequire(join(from, "x.js")).resolve.paths(`${name}/`) ?? [];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(join(path, "package.json")));
  return found === undefined ? undefined : packageAt(name, realpathSync(found));
}

/** Whether a file is part of an installed package, and not of the user's own code. */
export function isInPackage(path: string): boolean {
  return /(^|[\\/])node_modules[\\/]/.test(path);
}

/** The package that a file lies in, by its real path; none if the file is the user's own. */
export function packageOf(path: string): InstalledPackage | undefined {
  const [, before, name] = /^(.*[\\/]node_modules[\\/])((?:[@.][^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(path) ?? [];
  if (before === undefined || name === undefined) return undefined;
  const directory = before + name;
  return existsSync(join(directory, "package.json")) ? packageAt(name.split(sep).join("/"), directory) : undefined;
}

/** Returns `packageOf` for many files: it looks once for those of a folder, which lie in one package. */
export function packagesOf(): typeof packageOf {
  const known = new Map<string, InstalledPackage | undefined>();
  return (path) => {
    const folder = dirname(path);
    if (!known.has(folder)) known.set(folder, packageOf(path));
    return known.get(folder);
  };
}

/** The packages that `installed` says it needs and that are there. Optional ones for other platforms are not. */
export function dependenciesOf({ directory }: InstalledPackage): InstalledPackage[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = readPackageJson(directory);
  // Optional peers are used by some only, and may be tools: those of @prisma/client weigh a hundred megabytes.
  const peers = Object.keys(peerDependencies ?? {}).filter((peer) => !peerDependenciesMeta?.[peer]?.optional);
  const names = new Set([...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]);
  return [...names].sort().flatMap((dependency) => findPackage(dependency, directory) ?? []);
}

/** The `package.json` of the package in `directory`. */
export function readPackageJson(directory: string): PackageJson {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf-8")) as PackageJson;
}

function packageAt(name: string, directory: string): InstalledPackage {
  return { name, version: readPackageJson(directory).version ?? "*", directory };
}
