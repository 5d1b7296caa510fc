import { createRequire, Module } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The part of `defer()`'s return value that is used here. */
export interface DeferredFunction {
  (...args: unknown[]): Promise<unknown>;
  /** The user's own function. */
  __fn: (...args: unknown[]) => unknown;
  __metadata: Record<string, unknown>;
}

/** A function's module, as far as it is used here. */
export interface LoadedFunction extends Pick<DeferredFunction, "__fn" | "__metadata"> {
  /** Its export `config`, if it has one. */
  config: unknown;
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
 * Loads a bundle and returns the deferred function it exports, and its `config`: the same way when it is built and when
 * it is run.
 * @throws NotDeferredError
 */
export async function loadFunction(bundle: string): Promise<LoadedFunction> {
  Object.assign(globalThis, commonJsVariables(bundle));
  const module = (await import(pathToFileURL(bundle).href)) as { default?: unknown; config?: unknown };
  const exported = module.default;
  // CommonJS made from TypeScript has its default export one step further in.
  const inner = (exported as { default?: unknown } | null | undefined)?.default;
  const found = [exported, inner].find(isDeferred);
  if (found === undefined) throw new NotDeferredError(exported);
  // An ES module made from CommonJS has all its exports on the default one.
  const config = module.config ?? (exported as { config?: unknown }).config;
  return { __fn: found.__fn, __metadata: found.__metadata, config };
}

function isDeferred(value: unknown): value is DeferredFunction {
  if (typeof value !== "function") return false;
  const { __fn, __metadata } = value as Partial<DeferredFunction>;
  return typeof __fn === "function" && typeof __metadata === "object" && __metadata !== null;
}

/**
 * The variables that Node gives CommonJS code, for the bundle, which is an ES module: users and their dependencies may
 * ask for them. They are globals, since a declaration in the bundle would clash with users who declare them themselves.
 * As with any module that another one has loaded, `require.main` is not `module`, and `module.parent` is set.
 */
function commonJsVariables(bundle: string) {
  const main = aModule(join(dirname(bundle), "index.mjs"));
  const module = aModule(bundle, main);
  const require = Object.assign(createRequire(bundle), { main });
  return { module, exports: module.exports as unknown, require, __filename: bundle, __dirname: dirname(bundle) };
}

function aModule(filename: string, parent?: Module): Module {
  return Object.assign(new Module(filename, parent), { filename, loaded: true });
}
