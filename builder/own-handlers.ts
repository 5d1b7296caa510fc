import { fileURLToPath } from "node:url";
import { builtOnce } from "./built-once.ts";
import { type BundledPrograms, bundleHandlers } from "./bundle-handlers.ts";
import { packHandlers, readPackedHandlers } from "./packed-handlers.ts";
import { SOURCE_EXTENSION } from "./source-extension.ts";

/** All that goes into the bundles, beside the installed packages. */
const SOURCES = [
  "lambdas",
  "builder/bundle-handlers.ts",
  "builder/own-places.ts",
  "builder/source-map.ts",
  "tsconfig.json",
];

let handlers: Promise<BundledPrograms> | undefined;

/**
 * Returns our own programs, bundled. The package brings them along. In the repository they are bundled when their
 * sources have changed since the last time; a process goes on with those that it began with.
 */
export function ownHandlers(): Promise<BundledPrograms> {
  handlers ??= readHandlers();
  return handlers;
}

async function readHandlers(): Promise<BundledPrograms> {
  if (SOURCE_EXTENSION === ".js") return readPackedHandlers(fileURLToPath(new URL("../handlers", import.meta.url)));
  return readPackedHandlers(
    await builtOnce("epoque-handlers", SOURCES, async (folder) => packHandlers(await bundleHandlers(), folder)),
  );
}
