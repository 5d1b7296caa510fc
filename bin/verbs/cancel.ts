import type { Context } from "../invocation/context.ts";
import { type AllOptions, eachOrAll } from "./each-or-all.ts";

/** Cancels executions; with `force`, also what runs. */
export default async function cancel(
  context: Context,
  ids: readonly string[],
  options: AllOptions & { force?: boolean },
): Promise<void> {
  const { force = false } = options;
  await eachOrAll(context, ids, options, {
    action: "cancel",
    each: (executions, id) => executions.cancel(id, { force }),
    all: (bulk, job) => bulk.cancel({ ...job, force }),
  });
}
