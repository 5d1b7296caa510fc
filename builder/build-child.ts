import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { type BuildCodeOptions, buildCode, type LambdaCode } from "./build-code.ts";
import { type BuildProblem, FunctionBuildError } from "./build-errors.ts";

/** Report of the build process. */
export type BuildChildReport = { code: LambdaCode } | { problems: readonly BuildProblem[] };

// Builds what its input says (JSON), and writes what came of it into the file that its argument names.
const [, , reportFile = ""] = process.argv;
const report = await build(JSON.parse(await text(process.stdin)) as BuildCodeOptions);
writeFileSync(reportFile, JSON.stringify(report));

async function build(parsed: BuildCodeOptions): Promise<BuildChildReport> {
  try {
    return { code: await buildCode(parsed) };
  } catch (error) {
    if (error instanceof FunctionBuildError) return { problems: error.problems };
    throw error;
  }
}
