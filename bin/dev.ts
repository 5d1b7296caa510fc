import { parseFlags, usage } from "./dev/flags.ts";
import { describeFailure } from "./dev/messages.ts";
import { serve } from "./dev/serve.ts";

// npm start: the whole of Epoque on this machine, on the templates that are deployed.

const flags = parseFlags(process.argv.slice(2), process.env);
if ("help" in flags) {
  console.log(usage);
} else if ("problem" in flags) {
  fail(flags.problem);
} else {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());
  try {
    await serve(flags, { print: console.log, warn: console.error, signal: stopping.signal });
  } catch (error) {
    fail(describeFailure(error));
  }
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
