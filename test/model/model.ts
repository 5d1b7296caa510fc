import type { ExecutionId } from "../../lambdas/core/ids.ts";

/** The model's view of an execution. */
export interface Known {
  id: ExecutionId;
  functionName: string;
  state: string;
  scheduledAtMs: number;
  discardAfterMs?: number | undefined;
  metadata: Record<string, string>;
  rerunOf?: string;
  /** The states of its attempts, from the first. */
  attempts: string[];
}

/** The whole service, as simple as it can be said. */
export interface Model {
  /** In order of creation. */
  executions: Known[];
  nowMs: number;
  /** Tells the executions of one run from those of another in the same tables. */
  runId: string;
}

/** Retries of every function of the model. */
export const RETRIES = 2;

export function change(known: Known, state: string): void {
  known.state = state;
  known.attempts[known.attempts.length - 1] = state;
}

/** Applies a delivery of its message to the model. */
export function deliver(known: Known, nowMs: number): void {
  if (known.state !== "created") return;
  if (known.discardAfterMs !== undefined && nowMs > known.discardAfterMs) change(known, "discarded");
  else if (nowMs >= known.scheduledAtMs) change(known, "started");
}

/** Applies the end of its attempt to the model. */
export function end(known: Known, isGood: boolean, nowMs: number, retryAfterMs: number): void {
  if (known.state === "aborting") change(known, "aborted");
  else if (known.state === "started" && isGood) change(known, "succeed");
  else if (known.state === "started") fail(known, nowMs + retryAfterMs);
}

function fail(known: Known, retryAtMs: number): void {
  change(known, "failed");
  const isInTime = known.discardAfterMs === undefined || retryAtMs <= known.discardAfterMs;
  if (known.attempts.length > RETRIES || !isInTime) return;
  known.attempts.push("created");
  known.state = "created";
  known.scheduledAtMs = retryAtMs;
}
