import { closeSync, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { type InstalledPackage, type PackageJson, readPackageJson } from "./installed-packages.ts";

/** Packages that load or fetch native code for others. */
const ADDON_LOADERS = [
  "bindings",
  "node-gyp-build",
  "prebuild-install",
  "@mapbox/node-pre-gyp",
  "node-pre-gyp",
  "pkg-prebuilds",
];

/** Depth at which add-ons lie in a package: `lib/binding/napi-v6-linux/x.node`. */
const ADDON_DEPTH = 4;

const known = new Map<string, boolean>();

/** Whether a package has code for a certain system in it, or brings it by packages of its own for each system. */
export function hasNativeCode({ directory, version }: InstalledPackage): boolean {
  const key = `${directory}@${version}`;
  const answer = known.get(key) ?? looksNative(directory, readPackageJson(directory));
  known.set(key, answer);
  return answer;
}

/** The add-ons (`*.node`) of a package itself, those of the packages within it left out. */
function addonsOf(directory: string, depth = ADDON_DEPTH): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return depth === 0 || entry.name === "node_modules" ? [] : addonsOf(path, depth - 1);
    return entry.name.endsWith(".node") ? [path] : [];
  });
}

/** Whether a package has or should have built an add-on, but has none that Lambda can load. */
export function isForOtherSystems(directory: string): boolean {
  const addons = addonsOf(directory);
  const isNative = addons.length > 0 || existsSync(join(directory, "binding.gyp"));
  return isNative && !addons.some(isForLambda);
}

/** Whether Lambda can load an add-on: it is in ELF, for 64 bits, for arm64. */
function isForLambda(addon: string): boolean {
  const header = Buffer.alloc(20);
  const file = openSync(addon, "r");
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  // Source: the ELF header. Magic number, EI_CLASS = ELFCLASS64, e_machine = EM_AARCH64.
  return header.subarray(0, 4).equals(Buffer.from("\x7fELF")) && header[4] === 2 && header.readUInt16LE(18) === 0xb7;
}

function looksNative(directory: string, manifest: PackageJson): boolean {
  if (manifest.gypfile || ["binding.gyp", "prebuilds"].some((name) => existsSync(join(directory, name)))) return true;
  if (ADDON_LOADERS.some((name) => name in (manifest.dependencies ?? {}))) return true;
  const isPlatformPackage = (name: string) => /(linux|darwin|win32)-(x64|arm64)/.test(name);
  return Object.keys(manifest.optionalDependencies ?? {}).some(isPlatformPackage) || addonsOf(directory).length > 0;
}
