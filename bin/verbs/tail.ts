import type { Context } from "../invocation/context.ts";
import { between, clock } from "../terminal/moments.ts";
import { printable, printableJson, printableLine } from "../terminal/printable.ts";
import { styleOfState } from "./execution-columns.ts";
import { type Happening, happenings } from "./happenings.ts";

/** Shows what happens, as it happens: executions as their states change, and what they write. Ctrl-C ends it. */
export default async function tail(
  context: Context,
  _: readonly string[],
  { function: names, logs }: { function?: string[]; logs: boolean },
): Promise<void> {
  const client = context.client();
  const deployed = names && (await Promise.all(names.map((name) => client.functions.get(name))));
  const options = {
    logs,
    now: context.now,
    signal: context.signal,
    onOutage: (reason?: Error) =>
      context.terminal.warn(reason === undefined ? "it answers again" : `${printable(reason.message)}; trying again …`),
    ...(deployed && { functionIds: deployed.map(({ id }) => id) }),
  };
  if (!context.isJson) context.terminal.warn("waiting for executions; Ctrl-C ends it");
  for await (const happening of happenings(client, options)) {
    context.terminal.print(context.isJson ? printableJson(happening) : describe(context, happening));
  }
}

function describe({ terminal: { style } }: Context, happening: Happening): string {
  const { execution } = happening;
  const from = `${printableLine(execution.function_name)} ${style("dim", execution.id)}`;
  if ("line" in happening) {
    const { time, stream, line } = happening.line;
    const text = printableLine(line);
    return `${style("dim", clock(time))}  ${from} | ${stream === "stderr" ? style("red", text) : text}`;
  }
  const { state, error_code: code, attempt, started_at: started, finished_at: finished } = execution;
  const how = [
    style(styleOfState(state), state),
    code,
    attempt > 1 ? `attempt ${attempt}` : undefined,
    between(started, finished) || undefined,
  ];
  return `${style("dim", clock(execution.updated_at))}  ${from}   ${how.filter(Boolean).join(", ")}`;
}
