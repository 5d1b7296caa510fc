import type { Job } from "../core/jobs/job.ts";
import { MAX_DELAY_SECONDS } from "../core/limits.ts";
import type { Clock, JobMessages } from "../core/ports.ts";

export interface SendStepPorts {
  jobMessages: JobMessages;
  clock: Clock;
}

/** Sends the message of a job's next step, so that it comes within the second before the step begins. */
export async function sendStep({ jobMessages, clock }: SendStepPorts, { id, step, stepAtMs }: Job): Promise<void> {
  const delaySeconds = Math.floor(Math.max(0, stepAtMs - clock.now()) / 1000);
  await jobMessages.send({ jobId: id, step }, Math.min(delaySeconds, MAX_DELAY_SECONDS));
}
