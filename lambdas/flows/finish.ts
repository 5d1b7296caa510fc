import type { Outcome } from "../core/attempt-error.ts";
import type { Attempt, End, Running } from "../core/execution.ts";
import { ATTEMPT_INLINE_BYTES } from "../core/limits.ts";
import type { Attempts, Executions, Payloads } from "../core/ports.ts";
import { type RetryPolicy, retryAfterMs } from "../core/retry.ts";
import { decide } from "./decide.ts";
import { type DispatchPorts, dispatchExecution } from "./dispatch.ts";

export interface FinishPorts extends DispatchPorts {
  executions: Executions;
  attempts: Attempts;
  payloads: Payloads;
  retryPolicy: RetryPolicy;
  /** Uniform in [0, 1). */
  random: () => number;
}

/** How an attempt ended, and what it wrote, as NDJSON. */
export interface AttemptEnd {
  outcome: Outcome;
  logs: string;
}

/**
 * Writes the end of an attempt down: result and logs, then the attempt, then the execution's new state. In this order,
 * so that whoever sees a final state finds its result. A retry is sent on its way.
 *
 * `stale`: somebody ended the execution meanwhile; then this attempt's end is not what counts.
 */
export async function finish(ports: FinishPorts, execution: Running, ended: AttemptEnd): Promise<"finished" | "stale"> {
  const attempt = await storeAttempt(ports, execution, ended);
  await ports.attempts.record(attempt);
  const decision = await decide(ports, execution.id, {
    type: "finish",
    attempt: attempt.number,
    end: attempt.end,
    retryAfterMs: retryAfterMs(ports.retryPolicy, attempt.number, ports.random()),
  });
  if (decision === undefined || "refused" in decision) return "stale";
  if (decision.applied.state === "created") await dispatchExecution(ports, decision.applied);
  return "finished";
}

async function storeAttempt(ports: FinishPorts, execution: Running, { outcome, logs }: AttemptEnd): Promise<Attempt> {
  const prefix = `executions/${execution.id}/${execution.attempt}`;
  const text = resultText(outcome);
  const [result, keptLogs] = await Promise.all([
    text === undefined
      ? undefined
      : ports.payloads.store(`${prefix}/result.json`, text, ATTEMPT_INLINE_BYTES, "application/json"),
    ports.payloads.store(`${prefix}/logs.ndjson`, logs, ATTEMPT_INLINE_BYTES, "application/x-ndjson"),
  ]);
  return {
    executionId: execution.id,
    number: execution.attempt,
    createdAtMs: execution.attemptCreatedAtMs,
    scheduledAtMs: execution.scheduledAtMs,
    startedAtMs: execution.startedAtMs,
    finishedAtMs: ports.clock.now(),
    end: endOf(outcome),
    ...(result && { result }),
    logs: keptLogs,
  };
}

function resultText(outcome: Outcome): string | undefined {
  switch (outcome.state) {
    case "succeed":
      return outcome.result;
    case "failed":
      return JSON.stringify(outcome.error);
    case "aborted":
      return undefined;
  }
}

function endOf(outcome: Outcome): End {
  return outcome.state === "failed" ? { state: "failed", errorCode: outcome.errorCode } : { state: outcome.state };
}
