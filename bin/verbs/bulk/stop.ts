import type { Context } from "../../invocation/context.ts";
import { outcomeOf } from "./follow-job.ts";

/** Stops bulk jobs; what they have done stays. */
export default async function stop(context: Context, ids: readonly string[]): Promise<void> {
  const { bulk } = context.client();
  for (const id of ids) {
    const job = await bulk.stop(id);
    context.show(job, () => outcomeOf(job));
  }
}
