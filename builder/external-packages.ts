import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";
import { packageName } from "./bundler-messages.ts";
import { findPackage, type InstalledPackage, readPackageJson } from "./installed-packages.ts";
import { hasNativeCode } from "./native-code.ts";

/** A package that cannot be part of a bundle and is installed beside it. */
export type ExternalPackage = InstalledPackage;

/** No native code of their own, but files (engines, browsers, fonts, workers) that they look for beside their code. */
const KNOWN = new Set([
  "@prisma/client",
  "prisma",
  "sharp",
  "canvas",
  "bcrypt",
  "better-sqlite3",
  "jsdom",
  "pdfkit",
  "pino",
  "playwright",
  "playwright-core",
  "puppeteer",
  "thread-stream",
]);

/** Keeps packages that cannot be bundled out of a bundle, and tells which they were. */
export function externalPackages(): { plugin: Plugin; found(imported: ReadonlySet<string>): ExternalPackage[] } {
  const found: ExternalPackage[] = [];
  const plugin: Plugin = {
    name: "external-packages",
    setup(build) {
      build.onResolve({ filter: /^[^./#]/ }, ({ path, resolveDir, kind }) => {
        if (kind === "entry-point" || isBuiltin(path)) return undefined;
        const external = findPackage(packageName(path), resolveDir);
        if (external === undefined || !isExternal(external)) return undefined;
        found.push(external);
        const { sideEffects } = readPackageJson(external.directory);
        return { path, external: true, sideEffects: sideEffects !== false };
      });
    },
  };
  return { plugin, found: (imported) => onePerName(found).filter(({ name }) => imported.has(name)) };
}

function isExternal(installed: InstalledPackage): boolean {
  return KNOWN.has(installed.name) || hasNativeCode(installed);
}

// Beside the bundle there is one of a name. The bundler asks in any order; the nearest to the project's root is taken.
function onePerName(packages: readonly ExternalPackage[]): ExternalPackage[] {
  const nearestLast = packages.toSorted(
    (a, b) => b.directory.length - a.directory.length || (a.directory < b.directory ? 1 : -1),
  );
  const byName = new Map(nearestLast.map((external) => [external.name, external]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
