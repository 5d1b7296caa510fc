import { execFile } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { builtOnce } from "./built-once.ts";
import { SOURCE_EXTENSION } from "./source-extension.ts";

const compress = promisify(gzip);
const run = promisify(execFile);
const project = fileURLToPath(new URL("../", import.meta.url));

/**
 * Returns the folder of the console's files, each compressed with gzip. The package brings it along. In the repository
 * Vite builds it when its sources have changed since the last time.
 */
export async function consoleFiles(): Promise<string> {
  if (SOURCE_EXTENSION === ".js") return fileURLToPath(new URL("../console", import.meta.url));
  return builtOnce("epoque-console", ["console"], build);
}

async function build(outDir: string): Promise<void> {
  // In a process of its own: React and Vite take NODE_ENV, which is another one in tests and in many a shell.
  const program = join(project, "node_modules/vite/bin/vite.js");
  const args = ["build", "console", "--outDir", outDir, "--emptyOutDir", "--logLevel", "error"];
  await run(process.execPath, [program, ...args], { cwd: project, env: { ...env, NODE_ENV: "production" } });
  for (const path of await filesIn(outDir)) {
    await writeFile(`${path}.gz`, await compress(await readFile(path), { level: 9 }));
    await rm(path);
  }
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
