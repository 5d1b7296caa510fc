import type { Job } from "../core/jobs/job.ts";
import { afterWake, type WakeJob } from "../core/jobs/wake-job.ts";
import type { JobMessage, Jobs } from "../core/ports.ts";
import { sendStep } from "./send-step.ts";
import { type WakeLanesPorts, wakeSome } from "./wake-lanes.ts";
import { type WorkPagePorts, workPage } from "./work-page.ts";

export interface WorkJobPorts extends WorkPagePorts, WakeLanesPorts {
  jobs: Jobs;
}

/** `worked`: the job as it is after the step. `held`: the message comes again when it is time. */
export type WorkedJob = { worked: Job } | { dropped: "stale" } | { held: number };

/** A step waits this long for its time; a message that comes earlier is sent again with a delay. */
const MAX_WAIT_MS = 1_500;

/**
 * Works a step of a job, stores what it did together with the next step, then sends that. A message that comes twice
 * works the same executions again, which changes nothing; the one that is slower to write is dropped. A step whose
 * message was lost is sent again by the sweep.
 * @param isLastTry the step has failed again and again: what fails now is counted as failed
 */
export async function workJob(
  ports: WorkJobPorts,
  { jobId, step }: JobMessage,
  isLastTry: boolean,
): Promise<WorkedJob> {
  const job = await ports.jobs.get(jobId);
  if (job?.step !== step || job.recheckAtMs === undefined) return { dropped: "stale" };
  const earlyMs = job.stepAtMs - ports.clock.now();
  if (earlyMs > MAX_WAIT_MS) {
    await sendStep(ports, job);
    return { held: earlyMs };
  }
  if (earlyMs > 0) await ports.clock.sleep(earlyMs);
  const next = job.action === "wake" ? await wake(ports, job) : await workPage(ports, job, isLastTry);
  for (let current: Job | undefined = job; ; current = await ports.jobs.get(jobId)) {
    // Another delivery of the message was quicker.
    if (current?.step !== step || current.recheckAtMs === undefined) return { dropped: "stale" };
    const transition = next(current, ports.clock.now());
    if ((await ports.jobs.apply(transition)) === "lost") continue;
    if (transition.to.recheckAtMs !== undefined) await sendStep(ports, transition.to);
    return { worked: transition.to };
  }
}

async function wake(ports: WorkJobPorts, { functionName }: WakeJob) {
  const deployed = ports.functions.get(functionName);
  const left = deployed === undefined ? ("none" as const) : await wakeSome(ports, deployed);
  return (current: Job, nowMs: number) => afterWake(current as WakeJob, left, nowMs);
}
