import type { LambdaFiles } from "./bundle-handlers.ts";

/** A file that another one loads with itself; what is loaded when it is needed is `import("…")`. */
const LOADED_WITH = /(?:from|import)"\.\/([^"]+)"/g;

/** How much code Node reads before a handler can be called: `index.mjs`, and what that loads with itself. */
export function bytesAtStart(files: LambdaFiles): number {
  const names = new Set(["index.mjs"]);
  // A set goes on with what is added while it is gone through.
  for (const name of names) {
    for (const [, other = ""] of (files[name] ?? "").matchAll(LOADED_WITH)) names.add(other);
  }
  return [...names].reduce((sum, name) => sum + Buffer.byteLength(files[name] ?? ""), 0);
}

/** One line for the terminal: each of our Lambdas with the code it starts with. */
export function describeSizes(handlers: Readonly<Record<string, LambdaFiles>>): string {
  const sizes = Object.entries(handlers).map(([name, files]) => `${name} ${Math.round(bytesAtStart(files) / 1024)} KB`);
  return `code at cold start: ${sizes.join(", ")}`;
}
