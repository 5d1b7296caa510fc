import type { Context } from "../command/context.ts";
import { eachExecution } from "./each-execution.ts";

/** Cancels executions; with `force`, also what runs. */
export default async function cancel(
  context: Context,
  ids: readonly string[],
  { force = false }: { force?: boolean },
): Promise<void> {
  const { executions } = context.client();
  await eachExecution(context, ids, (id) => executions.cancel(id, { force }));
}
