import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** Directory of the templates and code that a commit of this repository makes of a folder of functions. */
export type BuiltVersion = { assembly: string } | { missing: string };

/**
 * Builds with the code of `commit` and with the packages of now. `missing`: the commit is not here, as in a shallow
 * clone.
 */
export function buildVersion(project: string, commit: string, functions: string, directory: string): BuiltVersion {
  const git = (...args: string[]) =>
    spawnSync("git", ["-C", project, ...args], { encoding: "buffer", maxBuffer: 1 << 29 });
  const archive = git("archive", "--format=tar", commit);
  if (archive.status !== 0) return { missing: `commit ${commit} is not in this clone` };
  const tree = join(directory, "tree");
  mkdirSync(tree);
  execFileSync("tar", ["-x", "-C", tree], { input: archive.stdout });
  symlinkSync(join(project, "node_modules"), join(tree, "node_modules"));
  const source = `
    import { assemble } from "./bin/dev/assembly.ts";
    console.log("\\n" + (await assemble(${JSON.stringify(functions)}, ${JSON.stringify(directory)})).directory);`;
  const built = execFileSync(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: tree,
    encoding: "utf-8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { assembly: built.trimEnd().split("\n").at(-1) ?? "" };
}
