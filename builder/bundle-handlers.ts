import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { ownPlaces } from "./own-places.ts";
import { portableSourceMap } from "./source-map.ts";

const project = fileURLToPath(new URL("../", import.meta.url));

/** Files of a Lambda, or of a task, by their name: `index.mjs`, … */
export type LambdaFiles = Readonly<Record<string, string>>;

const handlers = ["api", "fire", "sweep", "bulk", "launch", "run"] as const;

/** The handlers of the Lambdas, the program of a task on Fargate, and what loads its code there. */
export type BundledPrograms = Record<(typeof handlers)[number] | "task" | "loader", LambdaFiles>;

/**
 * Modules of `lambdas/aws` that are loaded when first needed, and by which programs. Bundled alone: code that such a
 * client shares with the others would have to be read at the start else, with all that only it uses of that. So it has
 * copies of what it imports, and its classes are not those of the handler.
 */
const everywhere = [...handlers, "task"] as const;
const lazy: Readonly<Record<string, readonly (typeof everywhere)[number][]>> = {
  objects: everywhere,
  schedules: everywhere,
  "put-event": everywhere,
  "describe-alarms": ["api"],
  "log-stream": ["api"],
};

const lazyModules: Plugin = {
  name: "lazy-modules",
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^\\./(${Object.keys(lazy).join("|")})\\.ts$`) }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: path.replace(/ts$/, "mjs"), external: true } : undefined,
    );
  },
};

/** Main program of the user's process, in `lambdas/run`. */
const CHILD = "child";

/** Modules of `lambdas/aws` that find the credentials, in place of the SDK's. */
const credentials = { lambda: "env", task: "container-credentials" } as const;

/** Bundles our own programs. */
export async function bundleHandlers(): Promise<BundledPrograms> {
  const bundleLazy = (place: keyof typeof credentials, programs: readonly (typeof everywhere)[number][]) =>
    new Map(
      Object.entries(lazy)
        .filter(([, users]) => users.some((user) => programs.includes(user)))
        .map(([name]) => [name, bundle("aws", name, name, place)]),
    );
  // Alone, since it shares nothing with the runner and starts more often.
  const child = bundle("run", CHILD, CHILD);
  const [lazyInLambdas, lazyInTasks] = [bundleLazy("lambda", handlers), bundleLazy("task", ["task"])];
  const neededBy = (program: (typeof everywhere)[number], bundled: typeof lazyInLambdas) =>
    [...bundled].flatMap(([name, files]) => (lazy[name]?.includes(program) ? [files] : []));
  const bundles = handlers.map(async (name) => {
    const files = [
      bundle(name, "handler", "index"),
      ...neededBy(name, lazyInLambdas),
      ...(name === "run" ? [child] : []),
    ];
    return [name, await filesOf(files)] as const;
  });
  const [task, loader, ...lambdas] = await Promise.all([
    filesOf([bundle("run", "task", "index", "task"), ...neededBy("task", lazyInTasks), child]),
    bundleLoader(),
    ...bundles,
  ]);
  return { ...Object.fromEntries(lambdas), task, loader } as BundledPrograms;
}

async function filesOf(bundles: readonly Promise<LambdaFiles>[]): Promise<LambdaFiles> {
  return Object.assign({}, ...(await Promise.all(bundles))) as LambdaFiles;
}

/** Bundles `<folder>/<entry>.ts`, `folder` as seen from `lambdas/`, into `<target>.mjs` and what that loads. */
export async function bundle(
  folder: string,
  entry: string,
  target: string,
  place: keyof typeof credentials = "lambda",
): Promise<LambdaFiles> {
  const outdir = join(project, "out", folder);
  const { outputFiles = [] } = await build({
    ...common,
    write: false,
    entryPoints: { [target]: `${folder}/${entry}.ts` },
    outdir,
    outExtension: { ".js": ".mjs" },
    // Lazily imported modules are files of their own, unread until needed.
    splitting: true,
    // Its process reads maps as it starts, for the user's code, and its own lines of a stack are cut off.
    sourcemap: entry === CHILD ? false : "linked",
    sourcesContent: false,
    format: "esm",
    mainFields: ["module", "main"],
    plugins: [lazyModules],
    alias: { "@aws-sdk/credential-provider-node": join(project, "lambdas/aws", credentials[place]) },
    // Some of the SDK's dependencies are CommonJS and ask for Node's modules by `require`.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const files = outputFiles.map(async ({ path, text }) => [
    relative(outdir, path),
    path.endsWith(".map") ? await ownPlaces(portableSourceMap(text, outdir, project)) : text,
  ]);
  return Object.fromEntries(await Promise.all(files)) as LambdaFiles;
}

// One text, which stands in the task definition; the SDK is that of the image.
async function bundleLoader(): Promise<LambdaFiles> {
  const { outputFiles: [script] = [] } = await build({
    ...common,
    write: false,
    entryPoints: ["run/load-task.ts"],
    external: ["@aws-sdk/client-s3"],
    format: "cjs",
    // CloudFormation would take `${x}` for one of its own.
    supported: { "template-literal": false },
  });
  return { "index.cjs": script?.text ?? "" };
}

const common = {
  absWorkingDir: join(project, "lambdas"),
  bundle: true,
  minify: true,
  platform: "node",
  target: "node24",
  logLevel: "silent",
} as const satisfies BuildOptions;
