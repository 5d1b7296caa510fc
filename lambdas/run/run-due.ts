import { errorLine } from "../core/error-line.ts";
import type { Running } from "../core/execution.ts";
import { signToken } from "../core/execution-token.ts";
import { MAX_LOAD_SECONDS, RUNNER_RESERVE_SECONDS } from "../core/limits.ts";
import type { DueMessage } from "../core/ports.ts";
import { type ClaimPorts, claim } from "../flows/claim.ts";
import { type FinishPorts, finish, type RunResult } from "../flows/finish.ts";
import { renewSlot } from "../flows/lanes.ts";
import { watch } from "../flows/watch.ts";
import type { Log } from "../log/log.ts";
import { about, logClaim, logOutcome } from "./log-attempt.ts";
import type { AttemptToRun } from "./supervisor.ts";

export interface RunPorts extends ClaimPorts, FinishPorts {
  bundle: string;
  endpoint: string;
  maxDurationSeconds: number;
  /** ARN of the task that this is, on Fargate. */
  task?: string;
  /** Log stream of this process, if it is a Lambda's. */
  logStream?: string | undefined;
  run: (toRun: AttemptToRun, stop: AbortSignal) => Promise<RunResult>;
  /** Writes one line to the Lambda's own log. */
  writeLine: (line: string) => void;
  log: Log;
}

/** The circumstances of a delivery. */
export interface Delivery {
  /** When Lambda will end this invocation. */
  deadlineMs: number;
  /** Keeps the message from others for so many seconds more. */
  hold: (seconds: number) => Promise<void>;
  /** Request id of the invocation, for the log. */
  requestId: string;
  /** Aborted when the machine goes away, and user code must end at once. */
  shutdown?: AbortSignal;
}

/** How much of the invocation's time is reserved for storing the outcome. */
const KEPT_MS = (RUNNER_RESERVE_SECONDS * 1000 * 2) / 3;

/** A FIFO queue's message is held for so long at a time: a worker that dies must not block the queue for hours. */
const HOLD_SECONDS = 90;

/** How often storing an outcome is tried. */
const MAX_TRIES = 4;

/** Handles a due message: claims, runs and stores the outcome; or drops it, or sends it back. */
export function runDue(ports: RunPorts) {
  return async (message: DueMessage, delivery: Delivery): Promise<void> => {
    const deployed = ports.functions.get(message.functionName);
    const hold = async () => deployed?.fifo && delivery.hold(HOLD_SECONDS);
    await hold();
    const result = await claim(ports, message, { task: ports.task, logStream: ports.logStream });
    const entry = about(message, delivery);
    logClaim(ports.log, entry, result);
    if (!("claimed" in result)) return;
    const execution = result.claimed;
    const ended = new AbortController();
    const stop = new AbortController();
    delivery.shutdown?.addEventListener("abort", () => stop.abort("shutdown"), { signal: ended.signal });
    void watch(ports, execution, {
      signal: ended.signal,
      stop: (why) => stop.abort(why),
      onRenew: () => Promise.all([renewSlot(ports, execution), hold()]),
    });
    try {
      const toRun = attemptToRun(ports, execution, result.arguments, delivery);
      const end = await ports.run(toRun, stop.signal);
      // Beside the function's own output, which it belongs to: the log of decisions has nobody's data in it.
      if (end.outcome.state === "failed") {
        const time = new Date(ports.clock.now()).toISOString();
        toRun.onLine({ time, stream: "stderr", line: errorLine(end.outcome.error) });
      }
      const state = await persistently(ports, () => finish(ports, execution, end));
      const durationMs = ports.clock.now() - execution.startedAtMs;
      logOutcome(ports.log, { ...entry, durationMs }, execution, { ...end, state });
    } finally {
      ended.abort("ended");
    }
  };
}

function attemptToRun(ports: RunPorts, execution: Running, text: string, { deadlineMs }: Delivery): AttemptToRun {
  const { id: executionId, attempt, functionName } = execution;
  const maxMs = (ports.maxDurationSeconds + MAX_LOAD_SECONDS + RUNNER_RESERVE_SECONDS) * 1000;
  return {
    bundle: ports.bundle,
    arguments: text,
    token: signToken(execution.tokenSeed, { executionId, attempt, expiresAtMs: execution.startedAtMs + maxMs }),
    endpoint: ports.endpoint,
    maxDurationSeconds: ports.maxDurationSeconds,
    maxLoadSeconds: MAX_LOAD_SECONDS,
    // A slow start must not eat up the time for storing the outcome.
    endByMs: deadlineMs - KEPT_MS,
    // A reader of the Lambda's log wants to know which execution a line belongs to.
    onLine: (line) => ports.writeLine(JSON.stringify({ ...line, function: functionName, executionId, attempt })),
  };
}

// Without the stored outcome the function's work is lost: worth more tries than the SDK's.
async function persistently<T>({ clock }: RunPorts, write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (tries === MAX_TRIES) throw error;
      await clock.sleep(300 * 2 ** tries);
    }
  }
}
