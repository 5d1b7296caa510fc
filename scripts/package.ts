import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { consoleFiles } from "../builder/build-console.ts";
import { ownHandlers } from "../builder/own-handlers.ts";
import { packHandlers } from "../builder/packed-handlers.ts";

// npm run build, and npm pack before it packs: makes dist/, since Node strips no types within node_modules.

const project = fileURLToPath(new URL("..", import.meta.url));
const dist = join(project, "dist");

/** The types that the package exports. */
const SHOWN_TYPES = [
  "lib/epoque",
  "lib/options",
  "lib/errors",
  "builder/build-errors",
  ...readdirSync(join(project, "client")).map((file) => `client/${file.replace(/\.ts$/, "")}`),
];

rmSync(dist, { recursive: true, force: true });
execFileSync("tsc", ["--project", join(project, "tsconfig.package.json")], { stdio: "inherit" });
keepShownTypes();
await bundleForCommonJs();
cpSync(await consoleFiles(), join(dist, "console"), { recursive: true });
packHandlers(await ownHandlers(), join(dist, "handlers"));
for (const file of ["openapi.json", "local/services/LoopbackDynamoDb.java"]) {
  copyFileSync(join(project, file), join(dist, file));
}

// The same for both kinds of modules: TypeScript takes a declaration for that of the file beside it.
function keepShownTypes(): void {
  const shown = SHOWN_TYPES.map((name) => join(dist, `${name}.d.ts`));
  for (const path of readdirSync(dist, { recursive: true, encoding: "utf-8" })) {
    const file = join(dist, path);
    if (file.endsWith(".d.ts") && !shown.includes(file)) rmSync(file);
  }
  for (const file of shown) {
    const text = readFileSync(file, "utf-8");
    for (const [extension, imported] of [
      [".d.ts", ".js"],
      [".d.cts", ".cjs"],
    ] as const) {
      writeFileSync(
        file.replace(/\.d\.ts$/, extension),
        text.replaceAll(/(["']\.\.?\/[\w/-]+)\.[jt]s(["'])/g, `$1${imported}$2`),
      );
    }
  }
}

/** Bundles the modules that users load with `require`; the rest are ES modules in their own processes. */
async function bundleForCommonJs(): Promise<void> {
  await build({
    absWorkingDir: project,
    entryPoints: ["lib/epoque.ts", "client/function.ts", "client/client.ts"],
    outdir: dist,
    outbase: project,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node22",
    format: "cjs",
    define: { "import.meta.url": "moduleUrl" },
    banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: "warning",
  });
}
