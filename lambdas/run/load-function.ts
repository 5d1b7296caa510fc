import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

/** What `defer()` of `@defer/client` returns, as far as it is used here. */
export interface DeferredFunction {
  (...args: unknown[]): Promise<unknown>;
  /** The user's own function. */
  __fn: (...args: unknown[]) => unknown;
  __metadata: Record<string, unknown>;
}

/** The bundle's default export was not made by `defer()`, or there is none. */
export class NotDeferredError extends Error {
  constructor(exported: unknown) {
    const what =
      exported === undefined ? "there is no default export" : "the default export is not a deferred function";
    super(`${what}; write: export default defer(yourFunction)`);
    this.name = "NotDeferredError";
  }
}

/**
 * Loads a bundle and returns the deferred function it exports: the same way when it is built and when it is run.
 *
 * CommonJS code in the bundle asks for Node's modules by `require` and may look at `__dirname`. They are given as
 * globals, since a declaration in the bundle would clash with users who declare them themselves.
 * @throws NotDeferredError
 */
export async function loadFunction(bundle: string): Promise<DeferredFunction> {
  Object.assign(globalThis, { require: createRequire(bundle), __filename: bundle, __dirname: dirname(bundle) });
  const { default: exported } = (await import(pathToFileURL(bundle).href)) as { default?: unknown };
  // CommonJS made from TypeScript has its default export one step further in.
  const inner = (exported as { default?: unknown } | null | undefined)?.default;
  const found = [exported, inner].find(isDeferred);
  if (found === undefined) throw new NotDeferredError(exported);
  return found;
}

function isDeferred(value: unknown): value is DeferredFunction {
  if (typeof value !== "function") return false;
  const { __fn, __metadata } = value as Partial<DeferredFunction>;
  return typeof __fn === "function" && typeof __metadata === "object" && __metadata !== null;
}
