import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Synthesizes the app with a folder of functions once for all test files of a run: in `sharedFolder`. Returns the
 * directory of the templates. The functions must not change during the run.
 */
export async function anAssembly(functions: string, sharedFolder: string): Promise<string> {
  const place = join(sharedFolder, createHash("sha256").update(functions).digest("hex").slice(0, 16));
  if (!existsSync(place)) await synthesizeTo(place, functions, sharedFolder);
  return join(place, "assembly");
}

// Test files run at once: each synthesizes beside the place, and the first to finish moves its result there.
async function synthesizeTo(place: string, functions: string, sharedFolder: string): Promise<void> {
  // The CDK takes a second to load, and most files find the assembly there.
  const { assemble } = await import("../bin/dev/assembly.ts");
  const own = await mkdtemp(join(sharedFolder, "synthesis-"));
  await assemble(functions, own, { iamAuth: true });
  await rename(own, place).catch(() => rm(own, { recursive: true }));
}
