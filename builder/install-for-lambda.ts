import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { copyPackages, type PlacedPackage, placePackages } from "./copy-packages.ts";
import { developersEnvironment } from "./environment.ts";
import { type InstalledPackage, type PackageJson, readPackageJson } from "./installed-packages.ts";
import { hasNativeCode, isForOtherSystems } from "./native-code.ts";

/** An npm call: its arguments, the folder it runs in, and what it finds in the environment besides the developer's. */
export type Npm = (args: readonly string[], folder: string, environment: Record<string, string>) => Promise<void>;

/** Packages of Linux on arm64, whatever this machine is. */
const NPM_ARGUMENTS = [
  "install",
  "--omit=dev",
  "--os=linux",
  "--cpu=arm64",
  "--libc=glibc",
  "--no-audit",
  "--no-fund",
  "--no-package-lock",
  "--no-bin-links",
];

/**
 * Install scripts run, as they did in the user's project: many packages fetch their binary by one. These tell
 * prebuild-install and node-pre-gyp which to fetch. A script that builds for this machine instead is found out below.
 */
const NPM_ENVIRONMENT = {
  npm_config_platform: "linux",
  npm_config_arch: "arm64",
  npm_config_target_platform: "linux",
  npm_config_target_arch: "arm64",
  npm_config_target_libc: "glibc",
};

/**
 * Puts `packages` and all they depend on into `directory/node_modules`, in the versions of the user's project, as
 * Lambda needs them.
 * @returns what is wrong and what to do, if npm fails or a package does not support Lambda
 */
export async function installForLambda(
  packages: readonly InstalledPackage[],
  directory: string,
  root: string,
  npm: Npm = runNpm,
): Promise<{ problem: string } | undefined> {
  const placed = placePackages(packages);
  if (!placed.some(isForOneSystem)) {
    await copyPackages(packages, directory);
    return undefined;
  }
  // Elsewhere, so that nothing of npm is deployed, least of all the tokens in an .npmrc.
  const folder = await mkdtemp(join(tmpdir(), "epoque-npm-"));
  try {
    await writeFile(join(folder, "package.json"), JSON.stringify(projectOf(packages, placed, root), null, 2));
    if (existsSync(join(root, ".npmrc"))) await copyFile(join(root, ".npmrc"), join(folder, ".npmrc"));
    await npm(NPM_ARGUMENTS, folder, NPM_ENVIRONMENT);
    await cp(join(folder, "node_modules"), join(directory, "node_modules"), { recursive: true });
  } catch (error) {
    return { problem: `npm cannot install ${namesOf(packages)} for Lambda: ${lastWords(error)}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await rm(join(directory, "node_modules", ".package-lock.json"), { force: true });
  await copyPackages(placed.filter(isGenerated), directory);
  return wrongAddons(directory);
}

// Their other dependencies have the user's versions too, except where there are several of a name.
function projectOf(packages: readonly InstalledPackage[], placed: readonly PlacedPackage[], root: string): object {
  const versions = Map.groupBy(placed, ({ name }) => name);
  const dependencies = Object.fromEntries(
    packages.filter((one) => !isGenerated(one)).map(({ name, version }) => [name, version]),
  );
  const overrides = Object.fromEntries(
    [...versions].flatMap(([name, [one, ...others]]) =>
      one === undefined || others.length > 0 || name in dependencies || isGenerated(one) ? [] : [[name, one.version]],
    ),
  );
  const { allowScripts }: PackageJson = existsSync(join(root, "package.json")) ? readPackageJson(root) : {};
  return { private: true, dependencies, overrides, allowScripts };
}

/** Whether a package is native, or may fetch or build what is when it is installed. */
function isForOneSystem(installed: PlacedPackage): boolean {
  const scripts = readPackageJson(installed.directory).scripts ?? {};
  return hasNativeCode(installed) || ["preinstall", "install", "postinstall"].some((name) => name in scripts);
}

/** In no registry, but made in the user's project: `.prisma/client`. */
function isGenerated({ name }: InstalledPackage): boolean {
  return name.startsWith(".");
}

/** Describes the first package whose native code lacks a build for Lambda. */
async function wrongAddons(directory: string): Promise<{ problem: string } | undefined> {
  const folders = await packagesIn(join(directory, "node_modules"));
  const wrong = folders.sort().find(isForOtherSystems);
  if (wrong === undefined) return undefined;
  const name = wrong.split("/node_modules/").at(-1) ?? wrong;
  const advice = name.startsWith(".prisma/")
    ? 'add "linux-arm64-openssl-3.0.x" to binaryTargets in schema.prisma and run: npx prisma generate'
    : "use a version of it that brings ready-made binaries for Linux on arm64";
  return { problem: `the package ${name} has no native code for Lambda (Linux on arm64); ${advice}` };
}

/** The folders of all packages below a `node_modules`, those within packages too. */
async function packagesIn(nodeModules: string): Promise<string[]> {
  const manifests = (await readdir(nodeModules, { recursive: true })).filter(
    (path) => basename(path) === "package.json",
  );
  return manifests
    .map((manifest) => join(nodeModules, dirname(manifest)))
    .filter((folder) => /\/node_modules\/([@.][^/]+\/)?[^/]+$/.test(folder));
}

function namesOf(packages: readonly InstalledPackage[]): string {
  return packages.map(({ name, version }) => `${name}@${version}`).join(", ");
}

function lastWords(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const lines = (stderr ?? message).split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim());
  return lines.filter(Boolean).slice(0, 3).join(" | ");
}

async function runNpm(args: readonly string[], folder: string, environment: Record<string, string>): Promise<void> {
  await promisify(execFile)("npm", [...args], { cwd: folder, env: developersEnvironment(environment) });
}
