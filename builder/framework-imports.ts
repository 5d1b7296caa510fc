import { dirname, join } from "node:path";
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { isInPackage } from "./installed-packages.ts";

/** Marks an import that this plugin itself asks esbuild to resolve. */
const ASKED = Symbol("asked");

const NAMESPACE = "framework";

/** Modules that frameworks make up. Values of the environment are those of the function's process. */
const MODULES: Readonly<Record<string, string>> = {
  // Next.js: marks modules that must not reach a browser.
  "server-only": "",
  // SvelteKit.
  "$app/environment": "export const browser = false, building = false, dev = false, version = '';",
  "$env/dynamic/private": "export const env = process.env;",
  "$env/dynamic/public": "export const env = process.env;",
  "$env/static/private": "module.exports = { ...process.env };",
  "$env/static/public": "module.exports = { ...process.env };",
};

const CLIENT_ONLY =
  'it marks code for browsers, and a function runs on a server; move what the function needs into a file without "client-only"';

/**
 * Import paths that frameworks resolve beside `tsconfig.json`: `server-only`, `$env/*`, `$lib` of SvelteKit, `src/` of
 * Redwood.
 */
export function frameworkImports(root: string): Plugin {
  return {
    name: "framework-imports",
    setup(build) {
      build.onResolve({ filter: /^(server-only|client-only)$/ }, ({ path, importer, kind }) => {
        if (kind === "entry-point") return undefined;
        if (path === "server-only") return { path, namespace: NAMESPACE };
        return isInPackage(importer)
          ? undefined
          : { errors: [{ text: `"client-only" cannot be imported: ${CLIENT_ONLY}` }] };
      });
      build.onResolve({ filter: /^(\$(env|app|lib)|src)(\/|$)/ }, async (args) => {
        const { path, importer, kind, pluginData } = args;
        if (kind === "entry-point" || pluginData === ASKED || isInPackage(importer)) return undefined;
        // The project's own tsconfig.json may know it.
        const own = await ask(build, args, path, args.resolveDir);
        if (own !== undefined) return own;
        if (path in MODULES) return { path, namespace: NAMESPACE };
        return upwards(build, args, `./${path.replace(/^\$lib/, "src/lib")}`, root);
      });
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({ contents: MODULES[path] ?? "" }));
    },
  };
}

/** `path` in the nearest folder upwards that has it. */
async function upwards(
  build: PluginBuild,
  args: OnResolveArgs,
  path: string,
  root: string,
): Promise<OnResolveResult | undefined> {
  for (let folder = args.resolveDir; ; folder = dirname(folder)) {
    const found = await ask(build, args, path, folder);
    if (found !== undefined) return found;
    if (folder === root || folder === dirname(folder)) return undefined;
  }
}

async function ask(
  build: PluginBuild,
  { kind, importer, with: attributes }: OnResolveArgs,
  path: string,
  resolveDir: string,
): Promise<OnResolveResult | undefined> {
  const from = path.startsWith("./") ? join(resolveDir, "x.js") : importer;
  const { errors, ...found } = await build.resolve(path, {
    kind,
    importer: from,
    resolveDir,
    with: attributes,
    pluginData: ASKED,
  });
  return errors.length === 0 ? found : undefined;
}
