import type { Job } from "../api/types.ts";

/**
 * Finds the last job that ran failures of a kind again, all or some of them. An execution stays failed when it is run
 * again, so that the next job on this kind would run it once more.
 */
export function lastRerun(newestFirst: readonly Job[], fingerprint: string): Job | undefined {
  return newestFirst.find(
    (job) =>
      job.action === "rerun" &&
      job.filters["error_fingerprint"] === fingerprint &&
      (job.done > 0 || job.state === "running"),
  );
}
