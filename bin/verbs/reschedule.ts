import type { Context } from "../command/context.ts";
import { eachExecution } from "./each-execution.ts";

/** Gives waiting executions another due time. */
export default async function reschedule(
  context: Context,
  ids: readonly string[],
  { at }: { at?: Date },
): Promise<void> {
  const { executions } = context.client();
  await eachExecution(context, ids, (id) => executions.reschedule(id, at));
}
