import type { Context } from "../command/context.ts";
import { eachExecution } from "./each-execution.ts";

interface RerunOptions {
  arguments?: unknown[];
  metadata?: [string, string][];
}

/** Runs executions once more, as new ones, with the same input or another. */
export default async function rerun(
  context: Context,
  ids: readonly string[],
  { arguments: input, metadata }: RerunOptions,
): Promise<void> {
  const { executions } = context.client();
  const other = { ...(input && { arguments: input }), ...(metadata && { metadata: Object.fromEntries(metadata) }) };
  await eachExecution(context, ids, (id) => executions.rerun(id, other));
}
