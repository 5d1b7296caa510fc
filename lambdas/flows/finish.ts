import type { Outcome } from "../core/attempt-error.ts";
import type { Attempt, Started } from "../core/execution.ts";
import { ATTEMPT_INLINE_BYTES } from "../core/limits.ts";
import type { Attempts, Clock, Executions, Payloads } from "../core/ports.ts";
import { next } from "../core/transitions.ts";

export interface FinishPorts {
  executions: Executions;
  attempts: Attempts;
  payloads: Payloads;
  clock: Clock;
}

/** How an attempt ended, and what it wrote, as NDJSON. */
export interface AttemptEnd {
  outcome: Outcome;
  logs: string;
}

/**
 * Writes the end of an attempt down: result and logs, then the attempt, then the execution's new state. In this order,
 * so that whoever sees a final state finds its result.
 *
 * `stale`: somebody ended the execution meanwhile; then this attempt's end is not what counts.
 */
export async function finish(ports: FinishPorts, execution: Started, end: AttemptEnd): Promise<"finished" | "stale"> {
  const attempt = await storeAttempt(ports, execution, end);
  await ports.attempts.record(attempt);
  const event = { type: "finish", attempt: attempt.number, end: attempt.end } as const;
  for (let current: Started = execution; ; ) {
    const decision = next(current, event, attempt.finishedAtMs);
    if (!("to" in decision)) return "stale";
    if ((await ports.executions.apply(decision)) === "applied") return "finished";
    const reread = await ports.executions.get(execution.id);
    if (reread?.state !== "started") return "stale";
    current = reread;
  }
}

async function storeAttempt(ports: FinishPorts, execution: Started, { outcome, logs }: AttemptEnd): Promise<Attempt> {
  const prefix = `executions/${execution.id}/${execution.attempt}`;
  const resultText = outcome.state === "succeed" ? outcome.result : JSON.stringify(outcome.error);
  const [result, keptLogs] = await Promise.all([
    ports.payloads.store(`${prefix}/result.json`, resultText, ATTEMPT_INLINE_BYTES, "application/json"),
    ports.payloads.store(`${prefix}/logs.ndjson`, logs, ATTEMPT_INLINE_BYTES, "application/x-ndjson"),
  ]);
  return {
    executionId: execution.id,
    number: execution.attempt,
    startedAtMs: execution.startedAtMs,
    finishedAtMs: ports.clock.now(),
    end: outcome.state === "succeed" ? { state: "succeed" } : { state: "failed", errorCode: outcome.errorCode },
    result,
    logs: keptLogs,
  };
}
