import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BundledPrograms, LambdaFiles } from "./bundle-handlers.ts";

/** Writes our own handlers into a folder of the package: each into one of its own. */
export function packHandlers(handlers: BundledPrograms, folder: string): void {
  for (const [handler, files] of Object.entries(handlers)) {
    mkdirSync(join(folder, handler), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, handler, name), text);
  }
}

/** Reads the files that `packHandlers` wrote. */
export function readPackedHandlers(folder: string): BundledPrograms {
  const filesOf = (handler: string): LambdaFiles =>
    Object.fromEntries(
      readdirSync(join(folder, handler)).map((name) => [name, readFileSync(join(folder, handler, name), "utf-8")]),
    );
  const names = readdirSync(folder);
  return Object.fromEntries(names.map((name) => [name, filesOf(name)])) as BundledPrograms;
}
