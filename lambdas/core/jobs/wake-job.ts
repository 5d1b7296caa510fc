import { type Steps, type StepTransition, toEnd, toNextStep } from "./steps.ts";

/** Wakes what was parked while a function was paused. There is one for each function, with the function's id. */
export interface WakeJob extends Steps {
  action: "wake";
  functionName: string;
}

/** Steps are this far apart: each sends a bounded number of messages. */
const INTERVAL_MS = 1_000;

/** Returns the wake job of a function; `previous` is the one that it had before. */
export function newWakeJob(
  { id, name }: { id: string; name: string },
  previous: WakeJob | undefined,
  nowMs: number,
): WakeJob {
  const { version = -1, step = -1 } = previous ?? {};
  const fresh = {
    id,
    version,
    step,
    state: "running",
    stepAtMs: nowMs,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  } as const;
  // A late message of the previous one stays stale.
  return toNextStep<WakeJob>({ action: "wake", functionName: name, ...fresh }, {}, nowMs + INTERVAL_MS, nowMs).to;
}

/** The job after a step: it goes on while more is parked, unless the function is paused again. */
export function afterWake(job: WakeJob, left: "none" | "more" | "paused", nowMs: number): StepTransition<WakeJob> {
  if (left === "more") return toNextStep(job, {}, job.stepAtMs + INTERVAL_MS, nowMs);
  return toEnd(job, { state: left === "none" ? "done" : "stopped" }, nowMs);
}
