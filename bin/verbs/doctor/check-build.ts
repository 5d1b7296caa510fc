import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FunctionBuildError } from "../../../builder/build-errors.ts";
import { buildFunctions } from "../../../builder/build-functions.ts";
import type { Context } from "../../invocation/context.ts";
import { functionsFolder } from "../../invocation/functions-folder.ts";
import type { Finding } from "./finding.ts";

/** Checks that the functions of the project can be built, and which of them are not deployed. */
export async function checkBuild(context: Context, named: string | undefined): Promise<Finding[]> {
  const folder = functionsFolder(context.directory, named);
  const what = "functions";
  if (folder === undefined && named !== undefined) return [{ what, state: "bad", message: `there is no ${named}` }];
  if (folder === undefined) return [{ what, state: "skipped", message: "there is no folder defer or src/defer here" }];
  const outDirectory = await mkdtemp(join(tmpdir(), "epoque-doctor-"));
  try {
    const built = await buildFunctions({ directory: folder, outDirectory, platform: "lambda", partial: true });
    const names = built.functions.map(({ manifest }) => manifest.name);
    const missing = await notDeployed(context, names);
    return [
      ...built.problems.map((message) => ({ what, state: "bad", message }) as const),
      ...built.warnings.map((message) => ({ what, state: "doubtful", message }) as const),
      { what, state: "good", message: `${names.length} of ${folder} can be built: ${names.join(", ")}` },
      ...(missing.length === 0
        ? []
        : [{ what, state: "doubtful", message: `not deployed: ${missing.join(", ")}` } as const]),
    ];
  } catch (error) {
    if (!(error instanceof FunctionBuildError)) throw error;
    return [{ what, state: "bad", message: error.message }];
  } finally {
    await rm(outDirectory, { recursive: true });
  }
}

// A deployment that does not answer has been told of already.
async function notDeployed({ client }: Context, names: readonly string[]): Promise<string[]> {
  try {
    const deployed = new Set((await client().functions.list()).map(({ name }) => name));
    return names.filter((name) => !deployed.has(name));
  } catch {
    return [];
  }
}
