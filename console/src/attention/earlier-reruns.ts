import type { Job } from "../api/types.ts";

/** Jobs that have run failures of a kind again. */
export interface EarlierReruns {
  /** The newest that met every failure of the kind: none from before it is left out. */
  whole: Job | undefined;
  /** A newer one that met some of them only: it has other filters too, or was ended early. */
  partial: Job | undefined;
}

/**
 * Finds the jobs that have run failures of a kind again. An execution stays failed when it is run again, so that the next
 * job on the whole kind would run it once more.
 */
export function earlierReruns(newestFirst: readonly Job[], fingerprint: string): EarlierReruns {
  const ofKind = newestFirst.filter(
    (job) =>
      job.action === "rerun" &&
      job.filters["error_fingerprint"] === fingerprint &&
      (job.done > 0 || job.state === "running"),
  );
  const whole: Job[] = [];
  for (const job of ofKind.toReversed()) if (isWhole(job, whole)) whole.unshift(job);
  const newest = whole[0];
  const [latest] = ofKind;
  return { whole: newest, partial: latest === newest ? undefined : latest };
}

/** Whether a job meets all failures of its kind, or all since an earlier one that did. */
function isWhole({ filters, state, limit }: Job, earlier: readonly Job[]): boolean {
  const { error_fingerprint: _, states, started_at: started, ...others } = filters;
  const isFailed = JSON.stringify(states) === '["failed"]';
  if (!isFailed || Object.keys(others).length > 0 || limit !== undefined) return false;
  if (state !== "done" && state !== "running") return false;
  return started === undefined || earlier.some((job) => JSON.stringify(started) === JSON.stringify(since(job)));
}

/** The filter on the start of an execution that leaves out what a job has met. */
export function since({ created_at }: Job): { from: string } {
  return { from: created_at };
}
