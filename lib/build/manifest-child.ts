import { errorResult } from "../../lambdas/run/error-result.ts";
import { loadFunction, NotDeferredError } from "../../lambdas/run/load-function.ts";

/** What the process that loads a bundle has to say about it. */
export type ManifestReport = { metadata: unknown } | { problem: string };

// Loads the bundle it is given and reports its manifest. What the module leaves running ends with this process.
const bundle = process.argv[2] ?? "";
const report = await read();
process.send?.(report);

async function read(): Promise<ManifestReport> {
  try {
    const { __metadata, __fn } = await loadFunction(bundle);
    return { metadata: { ...__metadata, name: __fn.name } };
  } catch (thrown) {
    if (thrown instanceof NotDeferredError) return { problem: thrown.message };
    const { name, message, stack } = errorResult(thrown, bundle);
    const [, where] = /^\s+at (?:.* \()?(.*?)\)?$/m.exec(stack) ?? [];
    return {
      problem: `it throws while it is loaded: ${name}: ${message}${where === undefined ? "" : ` (at ${where})`}`,
    };
  }
}
