import type { Context } from "../invocation/context.ts";
import { type AllOptions, eachOrAll } from "./each-or-all.ts";

/** Gives waiting executions another due time. */
export default async function reschedule(
  context: Context,
  ids: readonly string[],
  options: AllOptions & { at?: Date },
): Promise<void> {
  const { at } = options;
  await eachOrAll(context, ids, options, {
    action: "reschedule",
    each: (executions, id) => executions.reschedule(id, at),
    all: (bulk, job) => bulk.reschedule({ ...job, ...(at && { schedule_for: at }) }),
  });
}
