import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** Returns the folder of a project's functions: the one that was named, or one of the usual ones, if there is any. */
export function functionsFolder(directory: string, named: string | undefined): string | undefined {
  const candidates = named === undefined ? ["defer", "src/defer"] : [named];
  return candidates.map((folder) => resolve(directory, folder)).find((folder) => existsSync(folder));
}
