export const jobStates = ["running", "done", "stopped", "failed"] as const;
type JobState = (typeof jobStates)[number];

/** Work that is done in steps: each is asked for by a message that names its number, and any other number is stale. */
export interface Steps {
  id: string;
  /** Counts the writes: a decision that was made on an older version is not stored. */
  version: number;
  state: JobState;
  /** Number of the step that comes next. */
  step: number;
  /** The step begins then or later. */
  stepAtMs: number;
  /** If the step is not done by then, its message may be lost. Absent when nothing is left to do. */
  recheckAtMs?: number;
  createdAtMs: number;
  updatedAtMs: number;
  finishedAtMs?: number;
}

/** A decision, stored by one conditional write: only if the job still has that version. */
export interface StepTransition<Job extends Steps> {
  from: Job;
  to: Job;
}

/** A step takes half a minute at most; its message may be late as well. */
const STEP_MS = 120_000;

/** Moves a job on to its next step, `changes` included. */
export function toNextStep<Job extends Steps>(
  job: Job,
  changes: Partial<Job>,
  atMs: number,
  nowMs: number,
): StepTransition<Job> {
  const stepAtMs = Math.max(atMs, nowMs);
  const next = { step: job.step + 1, stepAtMs, recheckAtMs: stepAtMs + STEP_MS };
  return { from: job, to: { ...job, ...changes, ...next, version: job.version + 1, updatedAtMs: nowMs } };
}

/** Ends a job, `changes` included: nothing is left to do, and every message is stale. */
export function toEnd<Job extends Steps>(job: Job, changes: Partial<Job>, nowMs: number): StepTransition<Job> {
  const ended = { step: job.step + 1, finishedAtMs: job.finishedAtMs ?? nowMs, version: job.version + 1 };
  const to: Job = { ...job, ...changes, ...ended, updatedAtMs: nowMs };
  delete to.recheckAtMs;
  return { from: job, to };
}

/** Gives the message of the current step, which was sent again, this long. */
export function recheckLater<Job extends Steps>(job: Job, waitMs: number, nowMs: number): StepTransition<Job> {
  return { from: job, to: { ...job, version: job.version + 1, recheckAtMs: nowMs + waitMs } };
}
