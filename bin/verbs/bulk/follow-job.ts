import type { BulkJob } from "../../../client/client.ts";
import type { Context } from "../../invocation/context.ts";
import { Failure } from "../../invocation/errors.ts";
import { printableLine } from "../../terminal/printable.ts";
import { progressBar } from "../../terminal/progress-bar.ts";

/**
 * Shows how a job goes on until it has ended. Ctrl-C leaves it going on.
 * @throws Failure unless it could do all
 */
export async function followJob(context: Context, started: BulkJob, total: number): Promise<void> {
  const { isJson, terminal, now, signal } = context;
  if (!isJson)
    terminal.warn(`job ${started.id}; Ctrl-C leaves it going on, npx epoque bulk stop ${started.id} stops it`);
  const bar = isJson ? undefined : progressBar(terminal, started.action, now);
  let job = started;
  try {
    for await (job of context.client().bulk.watch(started.id, { signal })) {
      bar?.update(job.done + job.skipped + job.failed, Math.max(total, job.matched));
    }
  } finally {
    bar?.end();
  }
  context.show(job, () => [outcomeOf(job), ...reasonsOf(job)].join("\n"));
  if (job.state !== "done" || job.failed > 0) throw new Failure(`the job is ${job.state}, ${job.failed} failed`);
}

/** Tells in a line how far a job has come. */
export function outcomeOf({ id, action, state, done, skipped, failed }: BulkJob): string {
  const counts = [`${done} done`, skipped > 0 && `${skipped} skipped`, failed > 0 && `${failed} failed`];
  return `${id}  ${action} ${state}: ${counts.filter(Boolean).join(", ")}`;
}

function reasonsOf({ failures }: BulkJob): string[] {
  return failures.map(({ execution_id: id, message }) => `${id}  ${printableLine(message)}`);
}
