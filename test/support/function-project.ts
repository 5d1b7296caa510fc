import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
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
  call(name: string, environment?: Record<string, string>): Promise<unknown>;
  /** The names in the `node_modules` beside its bundle. */
  beside(name: string): Promise<string[]>;
}

export interface FunctionProjectOptions {
  /** The folder of the functions. @default "defer" */
  folder?: string;
  /** Symbolic links to folders, as package managers make them: the path of each, and where it leads. */
  links?: Record<string, string>;
  /** The user's variables while it is built. */
  variables?: Record<string, string>;
}

/** Builds the functions of a project of `files`; `defer/*` are the functions. */
export async function aFunctionProject(
  files: Record<string, string>,
  { folder = "defer", links = {}, variables = {} }: FunctionProjectOptions = {},
): Promise<FunctionProject> {
  const outDirectory = await mkdtemp(join(tmpdir(), "epoque-functions-"));
  await using project = await aProject({ "package.json": "{}", ...files });
  for (const [path, target] of Object.entries(links)) {
    await mkdir(dirname(join(project.directory, path)), { recursive: true });
    await symlink(resolve(project.directory, target), join(project.directory, path));
  }
  const directory = join(project.directory, folder);
  const environment = { all: variables, overrides: {} };
  const built = await buildFunctions({ directory, outDirectory, platform: "host", environment });
  const folderOf = (name: string) => built.functions.find(({ manifest }) => manifest.name === name)?.directory ?? "";
  return {
    ...built,
    async call(name, environment = {}) {
      const script = `import { loadFunction } from ${JSON.stringify(resolve("lambdas/run/load-function.ts"))};
        const { __fn } = await loadFunction(process.argv[1]);
        console.log(JSON.stringify(await __fn())); process.exit();`;
      const args = [
        "--enable-source-maps",
        "--input-type=module",
        "--eval",
        script,
        join(folderOf(name), "function.mjs"),
      ];
      const env = { PATH: process.env["PATH"], DEFER_TOKEN: "x", PUBLIC_NAME: "of the process", ...environment };
      const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: folderOf(name) });
      return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as unknown;
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
