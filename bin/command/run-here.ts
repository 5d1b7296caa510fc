import { processTerminal } from "../terminal/terminal.ts";
import { run } from "./run.ts";

/** Runs the command line of this process. */
export async function runHere(): Promise<void> {
  // `epoque ls | head` reads no further.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const stopping = new AbortController();
  process.once("SIGINT", () => stopping.abort());
  process.exitCode = await run(process.argv.slice(2), {
    environment: process.env,
    directory: process.cwd(),
    terminal: processTerminal(),
    fetch: (input, init) =>
      fetch(input, { ...init, signal: AbortSignal.any([stopping.signal, ...(init?.signal ? [init.signal] : [])]) }),
    now: Date.now,
    signal: stopping.signal,
  });
}
