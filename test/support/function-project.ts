import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BuiltFunctions, buildFunctions } from "../../builder/build-functions.ts";
import { aProject } from "./a-project.ts";

/** Files of a package in `node_modules`, with its `package.json`. */
export function aPackage(name: string, manifest: object, files: Record<string, string>): Record<string, string> {
  const all = { "package.json": JSON.stringify({ name, version: "1.0.0", ...manifest }), ...files };
  return Object.fromEntries(Object.entries(all).map(([file, text]) => [`node_modules/${name}/${file}`, text]));
}

/** A project of the user, built. */
export interface FunctionProject extends BuiltFunctions, AsyncDisposable {
  /** Calls a function in a process of its own, as the runner does. The project is gone by then, as on Lambda. */
  call(name: string): Promise<unknown>;
  /** The names in the `node_modules` beside its bundle. */
  beside(name: string): Promise<string[]>;
}

/** Builds the functions of a project of `files`; `defer/*` are the functions. */
export async function aFunctionProject(files: Record<string, string>): Promise<FunctionProject> {
  const outDirectory = await mkdtemp(join(tmpdir(), "epoque-functions-"));
  await using project = await aProject({ "package.json": "{}", ...files });
  const built = await buildFunctions({ directory: join(project.directory, "defer"), outDirectory, platform: "host" });
  const folderOf = (name: string) => built.functions.find(({ manifest }) => manifest.name === name)?.directory ?? "";
  return {
    ...built,
    async call(name) {
      const script = `import { loadFunction } from "./lambdas/run/load-function.ts";
        const { __fn } = await loadFunction(process.argv[1]);
        console.log(JSON.stringify(await __fn())); process.exit();`;
      const args = [
        "--enable-source-maps",
        "--input-type=module",
        "--eval",
        script,
        join(folderOf(name), "function.mjs"),
      ];
      const env = { PATH: process.env["PATH"], DEFER_TOKEN: "x", PUBLIC_NAME: "of the process" };
      const { stdout } = await promisify(execFile)(process.execPath, args, { env });
      return JSON.parse(stdout) as unknown;
    },
    beside: (name) =>
      readdir(join(folderOf(name), "node_modules")).then(
        (names) => names.sort(),
        () => [],
      ),
    [Symbol.asyncDispose]: () => rm(outDirectory, { recursive: true }),
  };
}

/** The source of a deferred function, after `head`. */
export function aFunction(name: string, body: string, head = ""): string {
  return `import { defer } from "@defer/client";\n${head}\nasync function ${name}() { ${body} }\nexport default defer(${name});\n`;
}
