import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** A package as it is installed in the user's project. */
export interface InstalledPackage {
  name: string;
  version: string;
  /** Where it really lies: with pnpm, `node_modules` holds links only, and what it depends on lies beside the real one. */
  directory: string;
}

export interface PackageJson {
  version?: string;
  gypfile?: boolean;
  /** Whose install scripts npm may run. */
  allowScripts?: Record<string, boolean>;
  sideEffects?: boolean | string[];
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** What a package asks for without saying so: `prisma generate` writes the user's own client there. */
const UNDECLARED: Record<string, string[]> = { "@prisma/client": [".prisma/client"] };

/** The package called `name` that code in the folder `from` gets, as Node looks for it. */
export function findPackage(name: string, from: string): InstalledPackage | undefined {
  const folders = createRequire(join(from, "x.js")).resolve.paths(name) ?? [];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(join(path, "package.json")));
  if (found === undefined) return undefined;
  const directory = realpathSync(found);
  return { name, version: readPackageJson(directory).version ?? "*", directory };
}

/** The packages that `installed` needs and that are there. Optional ones for other platforms are not. */
export function dependenciesOf({ name, directory }: InstalledPackage): InstalledPackage[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = readPackageJson(directory);
  // Optional peers are tools: those of @prisma/client weigh a hundred megabytes.
  const peers = Object.keys(peerDependencies ?? {}).filter((peer) => !peerDependenciesMeta?.[peer]?.optional);
  const names = new Set([
    ...Object.keys({ ...dependencies, ...optionalDependencies }),
    ...peers,
    ...(UNDECLARED[name] ?? []),
  ]);
  return [...names].sort().flatMap((dependency) => findPackage(dependency, directory) ?? []);
}

/** The `package.json` of the package in `directory`. */
export function readPackageJson(directory: string): PackageJson {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf-8")) as PackageJson;
}
