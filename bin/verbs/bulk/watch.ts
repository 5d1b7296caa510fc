import type { Context } from "../../invocation/context.ts";
import { followJob } from "./follow-job.ts";

/** Shows how a bulk job goes on until it has ended. */
export default async function watch(context: Context, [id = ""]: readonly string[]): Promise<void> {
  const job = await context.client().bulk.get(id);
  await followJob(context, job, job.matched);
}
