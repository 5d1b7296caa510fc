import type { Context } from "../invocation/context.ts";
import { Failure } from "../invocation/errors.ts";
import { parseJsonArguments } from "../invocation/json-arguments.ts";
import { printLine } from "./logs.ts";
import show from "./show.ts";

interface RunOptions {
  at?: Date;
  discardAfter?: Date;
  metadata?: [string, string][];
  key?: string;
  wait?: boolean;
}

/** Enqueues an execution and prints its id; with `wait`, also what it writes, and what became of it. */
export default async function run(
  context: Context,
  [name = "", ...texts]: readonly string[],
  { at, discardAfter, metadata, key, wait = false }: RunOptions,
): Promise<void> {
  const { executions } = context.client();
  const execution = await executions.enqueue({
    function_name: name,
    function_arguments: parseJsonArguments(texts),
    ...(at && { schedule_for: at }),
    ...(discardAfter && { discard_after: discardAfter }),
    ...(metadata && { metadata: Object.fromEntries(metadata) }),
    ...(key !== undefined && { idempotency_key: key }),
  });
  if (!wait) {
    context.show(execution, () => execution.id);
    return;
  }
  for await (const line of executions.tail(execution.id, { signal: context.signal })) {
    if (!context.isJson) printLine(context, line);
  }
  await show(context, [execution.id]);
  const { state } = await executions.get(execution.id);
  if (state !== "succeed") throw new Failure(`the execution is ${state}`);
}
