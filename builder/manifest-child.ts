import { realpathSync, writeSync } from "node:fs";
import module from "node:module";
import { Socket } from "node:net";
import { env } from "node:process";
import { errorLine } from "../lambdas/core/error-line.ts";
import { errorResult } from "../lambdas/run/error-result.ts";
import { loadFunction, NotDeferredError } from "../lambdas/run/load-function.ts";
import type { ManifestProblem } from "./manifest.ts";

/** Report of the process that loads a bundle. */
export type ManifestReport = { metadata: unknown; config?: unknown } | ManifestProblem;

/** Descriptor of the report: neither stdout nor Node's own channel (`process.send`), since the module may use both. */
const REPORT_FD = 3;

const REMEDY =
  "give it the variables that it needs (--env-file, -c envFile=…, environment), or do in the function itself what may fail";

// Loads the bundle it is given and reports its manifest. What the module leaves running ends with this process.
// By its real path, since that is what stacks name.
const bundle = realpathSync(process.argv[2] ?? "");
// The builder has gone: nobody would hear the report.
new Socket({ fd: REPORT_FD })
  .on("close", () => process.exit())
  .resume()
  .unref();
// Errors in the background (a connection to an absent database) are not errors of loading the module.
process.on("uncaughtException", (error) => console.error(error));
// Our own code only, since bundles change; and now, since this process is killed when it has reported. From Node 22.10
// on.
module.flushCompileCache?.();
// biome-ignore lint/style/noProcessEnv: the variable is for this process alone
delete env["NODE_COMPILE_CACHE"];
const report = await read();
writeSync(REPORT_FD, `${JSON.stringify(report, readable)}\n`);

async function read(): Promise<ManifestReport> {
  try {
    const { __fn, __metadata, config } = await loadFunction(bundle);
    // Clients before 2.0 keep the name on the function alone.
    const metadata = { name: __fn.name, ...__metadata };
    // `defer.cron(fn, undefined)` has a cron, and a wrong one; JSON would leave it out.
    return { metadata: "cron" in metadata ? { ...metadata, cron: metadata["cron"] ?? null } : metadata, config };
  } catch (thrown) {
    if (thrown instanceof NotDeferredError) return { problem: thrown.message, isNotDeferred: true };
    return {
      problem: `it throws while it is loaded: ${errorLine(errorResult(thrown, bundle))}; ${REMEDY}`,
    };
  }
}

// JSON has no word for these, and null or nothing would pass for "not set".
function readable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint" || typeof value === "function" || typeof value === "symbol") return String(value);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
