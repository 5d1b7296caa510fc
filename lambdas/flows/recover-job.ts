import { recheckLater } from "../core/jobs/steps.ts";
import type { Jobs } from "../core/ports.ts";
import { type SendStepPorts, sendStep } from "./send-step.ts";

export interface RecoverJobPorts extends SendStepPorts {
  jobs: Jobs;
}

/** A message that was sent again is given this long. */
const RETRY_MS = 120_000;

/** Sends the message of a job's step again that has not been worked in time. */
export async function recoverJob(ports: RecoverJobPorts, id: string): Promise<"sentAgain" | undefined> {
  const job = await ports.jobs.get(id);
  const nowMs = ports.clock.now();
  if (job?.recheckAtMs === undefined || nowMs < job.recheckAtMs) return undefined;
  await sendStep(ports, job);
  await ports.jobs.apply(recheckLater(job, RETRY_MS, nowMs));
  return "sentAgain";
}
