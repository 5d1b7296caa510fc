import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Makes a folder that all test files of one run share, and removes it after the run. Vitest calls it once. Processes
 * keep compiled code there for those that start after them. Apps of users' own do not hold their templates against
 * AWS's rules either, which takes most of a synthesis: nag.test.ts does.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "epoque-tests-"));
  process.env["EPOQUE_SHARED_FOLDER"] = folder;
  process.env["NODE_COMPILE_CACHE"] = join(folder, "compiled");
  process.env["CDK_VALIDATION"] = "false";
  // Processes write their compiled code when they end, and the last ones may do so now.
  return () => rm(folder, { recursive: true, maxRetries: 10 });
}
