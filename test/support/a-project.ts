import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** A user's project in a folder of its own, outside of this repository. */
export interface Project {
  directory: string;
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes a project of `files`, in which `@defer/client` is installed. */
export async function aProject(files: Record<string, string>): Promise<Project> {
  const directory = await mkdtemp(join(tmpdir(), "epoque-project-"));
  const project: Project = {
    directory,
    async write(path, text) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    },
    remove: (path) => rm(join(directory, path)),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
  for (const [path, text] of Object.entries(files)) await project.write(path, text);
  for (const name of ["@defer/client", "parse-duration"]) {
    await mkdir(dirname(join(directory, "node_modules", name)), { recursive: true });
    await symlink(resolve("node_modules", name), join(directory, "node_modules", name));
  }
  return project;
}

/** The source of a deferred function that returns `value`. */
export function functionReturning(name: string, value: string): string {
  return `import { defer } from "@defer/client";\nexport default defer(async function ${name}() { return ${JSON.stringify(value)}; });\n`;
}
