import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { portableSourceMap } from "./source-map.ts";

const project = fileURLToPath(new URL("../", import.meta.url));

/** Files of a Lambda by their name: `index.mjs`, … */
export type LambdaFiles = Readonly<Record<string, string>>;

const handlers = ["api", "fire", "sweep", "bulk", "run"] as const;
type Handler = (typeof handlers)[number];

/**
 * Modules of `lambdas/aws` that are loaded when first needed, and by which handlers. Bundled alone: code that such a client
 * shares with the others would have to be read at the start else, with all that only it uses of that. So it has copies of
 * what it imports, and its classes are not those of the handler.
 */
const lazy: Readonly<Record<string, readonly Handler[]>> = {
  objects: handlers,
  schedules: handlers,
  "put-event": handlers,
  "describe-alarms": ["api"],
};

const lazyModules: Plugin = {
  name: "lazy-modules",
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^\\./(${Object.keys(lazy).join("|")})\\.ts$`) }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: path.replace(/ts$/, "mjs"), external: true } : undefined,
    );
  },
};

let bundled: Promise<Record<Handler, LambdaFiles>> | undefined;

/** Our own handlers, bundled: once in the life of a process, since they do not change in it. */
export function bundleHandlers(): Promise<Record<Handler, LambdaFiles>> {
  bundled ??= bundleOnce();
  return bundled;
}

async function bundleOnce(): Promise<Record<Handler, LambdaFiles>> {
  const lazyFiles = Object.keys(lazy).map(async (name) => [name, await bundle("aws", name, name)] as const);
  const loadedLate = Object.fromEntries(await Promise.all(lazyFiles));
  const bundles = handlers.map(async (name) => {
    const needed = Object.keys(lazy).filter((it) => lazy[it]?.includes(name));
    const files = await Promise.all([
      bundle(name, "handler", "index"),
      // Alone, since it shares nothing with the runner and starts more often.
      name === "run" ? bundle("run", "child", "child") : {},
    ]);
    return [name, Object.assign({}, ...files, ...needed.map((it) => loadedLate[it]))] as const;
  });
  return Object.fromEntries(await Promise.all(bundles)) as Record<Handler, LambdaFiles>;
}

/** Bundles `<folder>/<entry>.ts`, `folder` as seen from `lambdas/`, into `<target>.mjs` and what that loads. */
export async function bundle(folder: string, entry: string, target: string): Promise<LambdaFiles> {
  const outdir = join(project, "out", folder);
  const { outputFiles } = await build({
    absWorkingDir: join(project, "lambdas"),
    write: false,
    entryPoints: { [target]: `${folder}/${entry}.ts` },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // Lazily imported modules are files of their own, unread until needed.
    splitting: true,
    minify: true,
    sourcemap: "linked",
    sourcesContent: false,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    plugins: [lazyModules],
    alias: { "@aws-sdk/credential-provider-node": join(project, "lambdas/aws/env") },
    // Some of the SDK's dependencies are CommonJS and ask for Node's modules by `require`.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "silent",
  });
  return Object.fromEntries(
    outputFiles.map(({ path, text }) => [
      relative(outdir, path),
      path.endsWith(".map") ? portableSourceMap(text, outdir, project) : text,
    ]),
  );
}
