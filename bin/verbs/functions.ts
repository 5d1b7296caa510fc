import type { DeployedFunction } from "../../client/client.ts";
import type { Context } from "../invocation/context.ts";
import { printable } from "../terminal/printable.ts";
import type { Column } from "../terminal/table.ts";

const columns: Column<DeployedFunction>[] = [
  { title: "FUNCTION", text: ({ name }) => name, isFlexible: true },
  { title: "WAITING", text: ({ load }) => load?.waiting, isRight: true },
  { title: "RUNNING", text: runningOf, isRight: true },
  { title: "CONCURRENCY", text: ({ concurrency }) => concurrency, isRight: true },
  { title: "ATTEMPTS", text: ({ retry }) => retry.max_attempts + 1, isRight: true },
  { title: "MAX DURATION", text: (it) => `${it.max_duration_seconds} s`, isRight: true },
  { title: "COMPUTE", text: ({ compute }) => compute },
  { title: "MEMORY", text: ({ memory }) => `${memory} MB`, isRight: true },
  { title: "CRON", text: ({ cron }) => cron },
];

/** Lists the deployed functions with their load, or shows one with all its settings. */
export default async function functions(context: Context, [name]: readonly string[]): Promise<void> {
  const client = context.client();
  if (name === undefined) {
    context.list(await client.functions.list({ load: true }), columns, "no functions are deployed");
    return;
  }
  const found = await client.functions.get(name, { load: true });
  context.show(found, () => printable(JSON.stringify(found, null, 2)));
}

function runningOf({ load }: DeployedFunction): string | undefined {
  return load && `${load.running}${load.running_is_lower_bound ? "+" : ""}`;
}
