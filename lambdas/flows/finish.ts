import type { ErrorResult, Outcome, Unsuccessful } from "../core/attempt-error.ts";
import { forEarlierAttempts } from "../core/earlier-attempts.ts";
import { type Attempt, type AttemptOutcome, type Running, type State, weekOf } from "../core/execution.ts";
import { errorFingerprint } from "../core/failures/fingerprint.ts";
import type { ExecutionId } from "../core/ids.ts";
import { ATTEMPT_INLINE_BYTES, LEASE_MS, RECORD_OUTPUT_BYTES } from "../core/limits.ts";
import { attemptKeys } from "../core/payload-keys.ts";
import type { Attempts, Payloads } from "../core/ports.ts";
import { retryAfterMs } from "../core/retry.ts";
import { type CountFailurePorts, countFailure } from "./count-failure.ts";
import { decideEnd } from "./decide.ts";
import { type DispatchPorts, dispatchIfWaiting } from "./dispatch.ts";
import { type LanePorts, releaseSlot } from "./lanes.ts";

/**
 * A record is seldom written by others before its lease is renewed the first time, after a third of it: its end then
 * needs no read before the write.
 */
const UNTOUCHED_MS = LEASE_MS / 4;

const RESULT_TYPE = "application/json";
const LOGS_TYPE = "application/x-ndjson";

export interface CompletePorts extends DispatchPorts, LanePorts, CountFailurePorts {
  attempts: Attempts;
}

export interface FinishPorts extends CompletePorts {
  payloads: Payloads;
}

/** How an attempt ended, and what it wrote, as NDJSON. */
export interface RunResult {
  outcome: Outcome;
  logs: string;
}

/**
 * Stores the outcome of an attempt: result and logs first, then as {@link completeAttempt} does.
 *
 * Returns the state that the execution is in now: `created` if its next attempt waits.
 * `stale`: somebody ended the execution meanwhile; then this attempt's end is not what counts.
 */
export async function finish(ports: FinishPorts, execution: Running, ended: RunResult): Promise<State | "stale"> {
  const error = ended.outcome.state === "failed" ? ended.outcome.error : undefined;
  const attempt = await storeAttempt(ports, execution, ended);
  const state = await completeAttempt(ports, execution, attempt, error);
  await renewEarlier(ports, execution);
  return state;
}

// Objects expire by their age, and those of the first attempts must not before an execution that is retried for weeks:
// once for each week of its life. After the outcome is stored, and without an error for the caller: an object that is
// gone, or a Lambda that is killed here, must not cost the outcome.
async function renewEarlier(ports: FinishPorts, execution: Running): Promise<void> {
  const { attempts, payloads, clock, onDispatchError } = ports;
  if (weekOf(execution, clock.now()) === weekOf(execution, execution.attemptCreatedAtMs)) return;
  try {
    await forEarlierAttempts(attempts, execution, async ({ number, result, logs }) => {
      const keys = attemptKeys({ ...execution, attempt: number });
      if (result !== undefined) await payloads.renew(result, keys.result, RESULT_TYPE);
      await payloads.renew(logs, keys.logs, LOGS_TYPE);
    });
  } catch (error) {
    onDispatchError("earlier attempts not renewed", { executionId: execution.id }, error);
  }
}

/**
 * Stores an attempt that has ended, then the execution's new state; both in one write where the attempt is the only one
 * and its output small. In this order, so that whoever sees a final
 * state finds its result. A retry is sent on its way. Where an outcome of this attempt is stored already, that one
 * counts: a worker that was taken for dead and the sweep come to the same end, whoever is first. Then gives back its
 * slot.
 */
async function completeAttempt(
  ports: CompletePorts,
  execution: Running,
  attempt: Attempt,
  error: ErrorResult | undefined,
): Promise<State | "stale"> {
  const { number } = attempt;
  const output = outputForRecord(execution, attempt);
  const { end, retry } = output === undefined ? await recordAttempt(ports, attempt) : attempt;
  const policy = ports.functions.get(execution.functionName)?.retry;
  const request = typeof retry === "object" ? { afterMs: Math.max(0, retry.atMs - ports.clock.now()) } : retry;
  const event = {
    type: "finish",
    attempt: number,
    end,
    output,
    retryAfterMs: policy && retryAfterMs(policy, number, ports.random(), request),
  } as const;
  const isAsClaimed = attempt.finishedAtMs - execution.startedAtMs < UNTOUCHED_MS;
  const decision = await decideEnd(ports, execution.id, event, isAsClaimed ? execution : undefined);
  if (decision === undefined || "refused" in decision) {
    await sendRetry(ports, execution.id, number);
    await release(ports, execution);
    return "stale";
  }
  await dispatchIfWaiting(ports, decision.applied);
  await release(ports, execution);
  if (error !== undefined) await countFailure(ports, decision.applied, error);
  return decision.applied.state;
}

/** Ends an attempt whose worker is gone: aborted, if somebody asked for that, else with `outcome`. */
export async function completeLost(
  ports: CompletePorts,
  execution: Running,
  outcome: Unsuccessful,
): Promise<State | "stale"> {
  const ended = execution.state === "aborting" ? ({ state: "aborted" } as const) : outcome;
  const error = ended.state === "failed" ? ended.error : undefined;
  const output = { ...(error && { result: { inline: JSON.stringify(error) } }), logs: { inline: "" } };
  return completeAttempt(ports, execution, completedAttempt(execution, ended, ports.clock.now(), output), error);
}

/** Returns what is recorded of an attempt that has ended. */
function completedAttempt(
  execution: Running,
  outcome: Outcome,
  finishedAtMs: number,
  output: Pick<Attempt, "result" | "logs">,
): Attempt {
  const retry = outcome.state === "failed" ? outcome.retry : undefined;
  return {
    executionId: execution.id,
    number: execution.attempt,
    createdAtMs: execution.attemptCreatedAtMs,
    scheduledAtMs: execution.scheduledAtMs,
    startedAtMs: execution.startedAtMs,
    finishedAtMs,
    end: attemptOutcome(execution.functionId, outcome),
    ...(retry && { retry: typeof retry === "object" ? { atMs: finishedAtMs + retry.afterMs } : retry }),
    ...output,
  };
}

/** Records an attempt. Returns what counts: an outcome that is stored already. */
async function recordAttempt({ attempts }: CompletePorts, attempt: Attempt): Promise<Attempt> {
  if ((await attempts.record(attempt)) === "recorded") return attempt;
  return (await attempts.get(attempt.executionId, attempt.number)) ?? attempt;
}

// A success is the last attempt for sure. The record's own conditional write decides between two ends of it.
function outputForRecord({ arguments: given }: Running, { number, end, result, logs }: Attempt) {
  if (number > 1 || end.state !== "succeed" || result === undefined) return undefined;
  const bytes = [given, result, logs].map((it) => ("inline" in it ? Buffer.byteLength(it.inline) : Infinity));
  return bytes.reduce((sum, each) => sum + each) <= RECORD_OUTPUT_BYTES ? { result, logs } : undefined;
}

// A slot that is not released ends with its lease, and the sweep hands it over.
async function release(ports: CompletePorts, execution: Running): Promise<void> {
  const { id: executionId, attempt, revision, slot: number } = execution;
  if (number === undefined) return;
  try {
    await releaseSlot(ports, execution, { executionId, attempt, revision, number });
  } catch (error) {
    ports.onDispatchError("slot not released", { executionId }, error);
  }
}

// A try before this one may have stored the retry and not sent it on its way. Sent twice it is stale the second time.
async function sendRetry(ports: CompletePorts, id: ExecutionId, ended: number): Promise<void> {
  const current = await ports.executions.get(id);
  if (current?.state === "created" && current.attempt === ended + 1) await dispatchIfWaiting(ports, current);
}

async function storeAttempt(ports: FinishPorts, execution: Running, { outcome, logs }: RunResult): Promise<Attempt> {
  const keys = attemptKeys(execution);
  const text = resultText(outcome);
  const [result, keptLogs] = await Promise.all([
    text === undefined ? undefined : ports.payloads.store(keys.result, text, ATTEMPT_INLINE_BYTES, RESULT_TYPE),
    ports.payloads.store(keys.logs, logs, ATTEMPT_INLINE_BYTES, LOGS_TYPE),
  ]);
  return completedAttempt(execution, outcome, ports.clock.now(), { ...(result && { result }), logs: keptLogs });
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

/** Returns an outcome as it is stored. */
function attemptOutcome(functionId: string, outcome: Outcome): AttemptOutcome {
  if (outcome.state !== "failed") return { state: outcome.state };
  const { errorCode, error } = outcome;
  return { state: "failed", errorCode, errorFingerprint: errorFingerprint(functionId, error) };
}
