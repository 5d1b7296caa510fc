import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildChildReport } from "./build-child.ts";
import type { BuildCodeOptions, LambdaCode } from "./build-code.ts";
import { FunctionBuildError } from "./build-errors.ts";
import { problemWithNode } from "./needed-node.ts";

// In the package these files are JavaScript. This module is in its CommonJS bundle as well, one folder further up.
const child = fileURLToPath(
  import.meta.url.endsWith(".cjs")
    ? new URL("../builder/build-child.js", import.meta.url)
    : new URL(`build-child${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
);

/**
 * `buildCode` for those who cannot wait, as the constructor of a construct: in a process of its own.
 * @throws FunctionBuildError with a line for each thing that is wrong with the user's functions
 */
export function buildInChild(options: BuildCodeOptions): LambdaCode {
  const problem = problemWithNode();
  if (problem !== undefined) throw new Error(problem);
  const reportFile = join(options.outDirectory, "report.json");
  const { error, status, signal } = spawnSync(process.execPath, [child, reportFile], {
    // Not as an argument, which everybody on this machine can read: the environment is among them.
    input: JSON.stringify(options),
    // Its output (npm prints some) must not mix with the app's, which may be JSON.
    stdio: ["pipe", 2, 2],
  });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(`the build of the functions in ${options.functions} ended with ${signal ?? status}`);
  const report = JSON.parse(readFileSync(reportFile, "utf-8")) as BuildChildReport;
  if ("problems" in report) throw new FunctionBuildError(report.problems);
  return report.code;
}
