import type { LogLine } from "../../client/client.ts";
import type { Context } from "../invocation/context.ts";
import { clock } from "../terminal/moments.ts";
import { printable, printableJson } from "../terminal/printable.ts";

/** Shows what an execution has written; with `follow`, until it has ended. */
export default async function logs(
  context: Context,
  [id = ""]: readonly string[],
  { follow = false }: { follow?: boolean },
): Promise<void> {
  const { executions } = context.client();
  if (follow) for await (const line of executions.tail(id, { signal: context.signal })) printLine(context, line);
  else for (const line of await executions.logs(id)) printLine(context, line);
}

/** Prints a line that a function wrote, with its time. */
export function printLine({ isJson, terminal }: Context, line: LogLine): void {
  const { print, style } = terminal;
  if (isJson) print(printableJson(line));
  else {
    const text = printable(line.line);
    print(`${style("dim", clock(line.time))}  ${line.stream === "stderr" ? style("red", text) : text}`);
  }
}
