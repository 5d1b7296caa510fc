import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Makes a folder that all test files of one run share, and removes it after the run. Vitest calls it once. Apps of
 * users' own do not hold their templates against AWS's rules either, which takes most of a synthesis: nag.test.ts does.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "epoque-tests-"));
  process.env["EPOQUE_SHARED_FOLDER"] = folder;
  process.env["CDK_VALIDATION"] = "false";
  return () => rm(folder, { recursive: true });
}
