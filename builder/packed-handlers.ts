import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { bundleHandlers, LambdaFiles } from "./bundle-handlers.ts";

type Handlers = Awaited<ReturnType<typeof bundleHandlers>>;

/** Writes our own handlers into a folder of the package: each into one of its own. */
export function packHandlers(handlers: Handlers, folder: string): void {
  for (const [handler, files] of Object.entries(handlers)) {
    mkdirSync(join(folder, handler), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, handler, name), text);
  }
}

/** Reads the files that `packHandlers` wrote. */
export function readPackedHandlers(folder: string): Handlers {
  const filesOf = (handler: string): LambdaFiles =>
    Object.fromEntries(
      readdirSync(join(folder, handler)).map((name) => [name, readFileSync(join(folder, handler, name), "utf-8")]),
    );
  return {
    api: filesOf("api"),
    fire: filesOf("fire"),
    sweep: filesOf("sweep"),
    bulk: filesOf("bulk"),
    run: filesOf("run"),
  };
}
