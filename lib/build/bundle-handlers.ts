import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { portableSourceMap } from "./source-map.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

/** Files of a Lambda by their name: `index.mjs`, … */
export type LambdaFiles = Readonly<Record<string, string>>;

type Handler = "api" | "fire" | "sweep" | "run";

let bundled: Promise<Record<Handler, LambdaFiles>> | undefined;

/** Our own handlers, bundled: once in the life of a process, since they do not change in it. */
export function bundleHandlers(): Promise<Record<Handler, LambdaFiles>> {
  bundled ??= bundleOnce();
  return bundled;
}

async function bundleOnce(): Promise<Record<Handler, LambdaFiles>> {
  const outdir = join(project, "out");
  const { outputFiles } = await build({
    absWorkingDir: join(project, "lambdas"),
    write: false,
    entryPoints: {
      "api/index": "api/handler.ts",
      "fire/index": "fire/handler.ts",
      "sweep/index": "sweep/handler.ts",
      "run/index": "run/handler.ts",
      "run/child": "run/child.ts",
    },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    sourcemap: "linked",
    sourcesContent: false,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    // Some of the SDK's dependencies are CommonJS and ask for Node's modules by `require`.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "silent",
  });
  const filesOf = (name: string): LambdaFiles =>
    Object.fromEntries(
      outputFiles
        .filter(({ path }) => dirname(path) === join(outdir, name))
        .map(({ path, text }) => [
          relative(join(outdir, name), path),
          path.endsWith(".map") ? portableSourceMap(text, dirname(path), project) : text,
        ]),
    );
  return { api: filesOf("api"), fire: filesOf("fire"), sweep: filesOf("sweep"), run: filesOf("run") };
}
