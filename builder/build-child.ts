import { writeFileSync } from "node:fs";
import { type BuildCodeOptions, buildCode, type LambdaCode } from "./build-code.ts";
import { FunctionBuildError } from "./build-errors.ts";

/** Report of the build process. */
export type BuildChildReport = { code: LambdaCode } | { problem: string };

// Builds what its first argument says (JSON), and writes what came of it into the file that its second one names.
const [, , options = "", reportFile = ""] = process.argv;
const report = await build(JSON.parse(options) as BuildCodeOptions);
writeFileSync(reportFile, JSON.stringify(report));

async function build(parsed: BuildCodeOptions): Promise<BuildChildReport> {
  try {
    return { code: await buildCode(parsed) };
  } catch (error) {
    if (error instanceof FunctionBuildError) return { problem: error.message };
    throw error;
  }
}
