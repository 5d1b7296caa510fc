import { existsSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, join } from "node:path";
import type { ImportKind, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { isBare, packageName } from "./bundler-messages.ts";
import { findPackage, isInPackage, packageOf, readPackageJson } from "./installed-packages.ts";
import type { OutsidePackages } from "./outside-packages.ts";

/** Marks an import that this plugin itself asks esbuild to resolve. */
const ASKED = Symbol("asked");

/** Modules that stand for a CommonJS package beside the bundle, and for what a dependency imports and nobody has. */
const BESIDE = "beside";
const MISSING = "missing";

/** Files that esbuild reads. Others make a package one that cannot be bundled. */
const READABLE = /\.([cm]?[jt]sx?|json|css|txt|html?|md|markdown)$/i;

/** Returns the plugin that leads imports of packages into the bundle, beside it, or nowhere. */
export function packageImports(outside: OutsidePackages): Plugin {
  return {
    name: "package-imports",
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) => resolveImport(build, outside, args));
      build.onLoad({ filter: /.*/, namespace: BESIDE }, ({ path }) => ({
        // As CommonJS gives it: with all its names, of which Node's import sees only some.
        contents: `module.exports = require(${JSON.stringify(path)});`,
      }));
      build.onLoad({ filter: /.*/, namespace: MISSING }, ({ path, pluginData }) => ({
        contents: throwingModule(path, pluginData as Missing),
      }));
      build.onLoad({ filter: /node_modules[\\/].*\.\w+$/ }, ({ path }) => {
        if (READABLE.test(path)) return undefined;
        outside.addOwnerOf(path);
        return { contents: "", loader: "empty" };
      });
    },
  };
}

interface Missing {
  importer: string;
  kind: ImportKind;
}

async function resolveImport(
  build: PluginBuild,
  outside: OutsidePackages,
  args: OnResolveArgs,
): Promise<OnResolveResult | undefined> {
  const { path, kind, importer, resolveDir, namespace } = args;
  if (namespace === BESIDE) return { path, external: true };
  if (kind === "entry-point" || args.pluginData === ASKED || isBuiltin(path)) return undefined;
  if (isBare(path)) {
    const found = findPackage(packageName(path), resolveDir);
    if (found !== undefined && kind === "require-resolve" && !isInPackage(importer)) outside.add(found);
    if (found !== undefined && outside.has(found)) {
      outside.addImport(found, importer);
      const sideEffects = readPackageJson(found.directory).sideEffects !== false;
      if (/^(import-statement|dynamic-import)$/.test(kind) && (await isCommonJs(build, args)))
        return { path, namespace: BESIDE, sideEffects };
      return { path, external: true, sideEffects };
    }
  }
  if (!isInPackage(importer) || /^(url-token|import-rule|composes-from|require-resolve)$/.test(kind)) return undefined;
  if (isFileBeside(path, resolveDir)) return undefined;
  const { errors, ...resolved } = await ask(build, args);
  if (errors.length === 0) return resolved;
  // It may be optional. Whoever reaches it is told, as by Node.
  const pluginData: Missing = { importer, kind };
  return { path, namespace: MISSING, sideEffects: false, pluginData };
}

/** Whether esbuild finds a file for the path, without being asked: that takes most of the time of a build. */
function isFileBeside(path: string, directory: string): boolean {
  const isFile = (file: string) => statSync(join(directory, file), { throwIfNoEntry: false })?.isFile() ?? false;
  return /^\.\.?\//.test(path) && (isFile(path) || isFile(`${path}.js`));
}

function ask(build: PluginBuild, { path, kind, importer, namespace, resolveDir, with: attributes }: OnResolveArgs) {
  return build.resolve(path, { kind, importer, namespace, resolveDir, with: attributes, pluginData: ASKED });
}

async function isCommonJs(build: PluginBuild, args: OnResolveArgs): Promise<boolean> {
  const { path, errors } = await ask(build, args);
  const end = extname(path);
  return (
    errors.length > 0 || (end !== ".mjs" && end !== ".mts" && (/^\.c[jt]s$/.test(end) || typeOf(path) !== "module"))
  );
}

/** The `type` of the `package.json` that counts for a file. */
function typeOf(path: string): string | undefined {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return readPackageJson(folder).type;
  }
  return undefined;
}

/** A module that fails as Node does where there is no such module. */
function throwingModule(path: string, { importer, kind }: Missing): string {
  const isRequire = kind === "require-call" || kind === "require-resolve";
  const by = packageOf(importer)?.name ?? "the bundle";
  const message = isRequire
    ? `Cannot find module '${path}'\nRequire stack:\n- ${by}`
    : `Cannot find package '${path}' imported from ${by}`;
  const code = isRequire ? "MODULE_NOT_FOUND" : "ERR_MODULE_NOT_FOUND";
  return `throw Object.assign(new Error(${JSON.stringify(message)}), { code: "${code}" }); module.exports = {};`;
}
