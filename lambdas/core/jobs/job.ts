import type { BulkJob } from "./bulk-job.ts";
import type { StepTransition } from "./steps.ts";
import type { WakeJob } from "./wake-job.ts";

/** Work of the bulk Lambda, done step by step. */
export type Job = BulkJob | WakeJob;

export type JobTransition = StepTransition<Job>;

export function isBulkJob(job: Job): job is BulkJob {
  return job.action !== "wake";
}
