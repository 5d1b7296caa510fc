import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

/** What `defer()` of `@defer/client` returns, as far as we use it. */
export interface DeferredFunction {
  __fn: (...args: unknown[]) => unknown;
  __metadata: Record<string, unknown>;
}

export async function loadFunction(bundle: string): Promise<DeferredFunction> {
  Object.assign(globalThis, { require: createRequire(bundle), __filename: bundle, __dirname: dirname(bundle) });
  const loaded = (await import(pathToFileURL(bundle).href)) as { default?: unknown };
  const candidates = [loaded.default, (loaded.default as { default?: unknown } | undefined)?.default];
  const found = candidates.find((c) => typeof c === "function" && "__fn" in c);
  if (!found) throw new Error("no deferred function");
  return found as unknown as DeferredFunction;
}
