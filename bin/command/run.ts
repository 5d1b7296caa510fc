import { CommanderError } from "commander";
import { EpoqueError } from "../../client/client.ts";
import type { Surroundings } from "../invocation/context.ts";
import { Failure, UsageError } from "../invocation/errors.ts";
import { printable, printableJson } from "../terminal/printable.ts";
import { newProgram } from "./program.ts";

const HINTS: Partial<Record<EpoqueError["code"], string>> = {
  unauthorized: "is DEFER_TOKEN the token of this deployment?",
  unreachable: "npx epoque doctor looks for the reason",
};

/** Runs a command line. Returns the exit code: 0 done, 1 not done, 2 not understood. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  try {
    await newProgram(surroundings).parseAsync(args.length === 0 ? ["--help"] : args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // It has told its reason.
    if (surroundings.signal.aborted) return 130;
    if (args.includes("--json")) terminal.warn(printableJson(asJson(error)));
    else for (const line of describe(error)) terminal.warn(terminal.style("red", line));
    return error instanceof UsageError ? 2 : 1;
  }
}

function describe(error: unknown): string[] {
  if (error instanceof UsageError || error instanceof Failure) return [printable(error.message)];
  if (!(error instanceof EpoqueError)) return [printable(String((error as Error).stack ?? error))];
  const { message, code, requestId } = error;
  const hint = HINTS[code];
  return [
    printable(hint === undefined ? message : `${message} (${hint})`),
    // The log of the deployment has more to say of a fault.
    ...(error.status >= 500 && requestId !== undefined ? [`request ${printable(requestId)}`] : []),
  ];
}

function asJson(error: unknown): Record<string, unknown> {
  const { message } = error as Error;
  return { error: error instanceof EpoqueError ? error.code : "failed", message };
}
