import { newProgram } from "../bin/command/program.ts";
import { usage } from "../bin/dev/flags.ts";
import { processTerminal } from "../bin/terminal/terminal.ts";
import { reference } from "./cli-reference.ts";

const INTRODUCTION = `# The command line

\`npm run cli-page\` writes this page from the verbs.

\`npx epoque <verb>\` does by the API what scripts can do with \`epoque/client\`. It reads the two variables that
\`@defer/client\` reads:

\`\`\`sh
export DEFER_ENDPOINT=https://….execute-api.eu-west-1.amazonaws.com DEFER_TOKEN=…
npx epoque ls --state failed --since 1h
npx epoque tail
\`\`\`

Or it takes them from a profile: \`--profile live\` is the file \`~/.config/epoque/live.env\`, with a line for each of the
two variables. \`--profile local\` is \`npx epoque dev\` on this machine, without any file.

People on a terminal get tables, in colour unless \`NO_COLOR\` is set. Programs ask for \`--json\`: a line of JSON for each
thing, and errors as JSON in the error output. The exit code is 0 if all was done, 1 if something was not, 2 if the
command line was not understood. Where a verb asks before it acts, \`--yes\` answers.

Times are \`90s\`, \`10m\`, \`2h\`, \`1d\` or \`1w\` from now, or RFC 3339 with an offset. Arguments of functions are JSON: a text
has quotes, \`'"Ada"'\`.

\`\`\`sh
eval "$(npx epoque completion bash)"             # or zsh
npx epoque completion fish | source
\`\`\``;

/** Returns the page that describes every verb. */
export function cliPage(): string {
  const stopped = AbortSignal.abort();
  const program = newProgram({
    environment: {},
    directory: "/",
    terminal: processTerminal(),
    fetch,
    now: () => 0,
    signal: stopped,
  });
  return `${INTRODUCTION}\n\n${reference(program, usage("npx epoque dev"))}\n`;
}
