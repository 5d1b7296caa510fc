import { Failure, UsageError } from "../invocation/errors.ts";
import { processTerminal } from "../terminal/terminal.ts";
import { checkStart } from "./check-start.ts";
import { parseFlags, usage } from "./flags.ts";
import { describeFailure } from "./messages.ts";

/**
 * Runs everything on this machine until a signal ends it. `command`: what it was called by, for its help.
 * @throws UsageError, Failure if it cannot start
 */
export async function dev(args: string[], command: string): Promise<void> {
  // Node's own are about the emulators' packages, and nothing that a user could act on.
  process.noDeprecation = true;
  const flags = parseFlags(args, process.env);
  if ("help" in flags) {
    console.log(usage(command));
    return;
  }
  if ("problem" in flags) throw new UsageError(flags.problem);
  const { redraw } = processTerminal();
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());
  try {
    await checkStart(flags);
    // The CDK and the services take a second to load, for which neither the help nor a refusal waits.
    const { serve } = await import("./serve.ts");
    await serve(flags, { print: console.log, warn: console.error, progress: redraw, signal: stopping.signal });
  } catch (error) {
    throw new Failure(describeFailure(error), { cause: error });
  }
}
