import { existsSync, writeFileSync } from "node:fs";
import { defer } from "@defer/client";

/** Fails when it is called first with a file's name. */
async function failsOnce(file: string): Promise<string> {
  if (existsSync(file)) return "done";
  writeFileSync(file, "");
  throw new Error("the first time");
}

export default defer(failsOnce, { retry: { maxAttempts: 1, initialInterval: 30, randomizationFactor: 0.01 } });
