import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The folder of programs of a virtual environment, or why there is none. */
export type PythonPrograms = { directory: string } | { missing: string };

/**
 * Installs the packages of `<name>.txt`, which pins them, into a virtual environment of the project's own: in
 * `.foreign/<name>`, which git ignores. What is installed already is used as it is.
 */
export function pythonPrograms(name: "emulator" | "linters" | "contract"): PythonPrograms {
  const pinned = readFileSync(new URL(`${name}.txt`, import.meta.url), "utf-8");
  const environment = join(root, ".foreign", name);
  const directory = join(environment, "bin");
  const installed = join(environment, "installed.txt");
  if (existsSync(installed) && readFileSync(installed, "utf-8") === pinned) return { directory };
  const version = run("python3", ["-c", "import sys; print(sys.version_info >= (3, 10))"]);
  if (version.problem !== undefined) return { missing: `there is no python3 (${version.problem})` };
  if (version.output.trim() !== "True") return { missing: "python3 is older than 3.10" };
  const made = run("python3", ["-m", "venv", "--clear", environment]);
  if (made.problem !== undefined) return { missing: `python3 cannot make a virtual environment (${made.problem})` };
  const packages = pinned.split("\n").filter(Boolean);
  const pip = run(join(directory, "pip"), ["install", "--quiet", "--disable-pip-version-check", ...packages]);
  if (pip.problem !== undefined) return { missing: `pip cannot install ${packages.join(", ")} (${pip.problem})` };
  writeFileSync(installed, pinned);
  return { directory };
}

function run(command: string, args: string[]): { output: string; problem: string | undefined } {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: "utf-8" });
  if (status === 0) return { output: stdout, problem: undefined };
  return { output: "", problem: error?.message ?? (stderr.trim().split("\n").at(-1) || `exit code ${status}`) };
}
