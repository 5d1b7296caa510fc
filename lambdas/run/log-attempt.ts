import type { Outcome } from "../core/attempt-error.ts";
import { type Running, runnableAtMs, type State } from "../core/execution.ts";
import type { DueMessage } from "../core/ports.ts";
import type { Claim } from "../flows/claim.ts";
import type { Log, LogEntry } from "../log/log.ts";

type About = Pick<LogEntry, "requestId" | "executionId" | "function">;

/** Returns the fields that every line about a message has. */
export function about({ executionId, functionName }: DueMessage, { requestId }: { requestId: string }): About {
  return { requestId, executionId, function: functionName };
}

/** Logs the result of a claim. */
export function logClaim(log: Log, entry: About, result: Claim): void {
  if ("dropped" in result) {
    log({ message: "message dropped", ...entry, reason: result.dropped });
  } else if ("sentBack" in result) {
    log({ message: "message sent back", ...entry, reason: "early", ...result.sentBack });
  } else {
    const { attempt, task } = result.claimed;
    const latenessMs = latenessOf(result.claimed);
    const started = { message: "attempt started", ...entry, attempt };
    // Launching counts it for a task, whose start takes a minute or two by itself.
    if (task === undefined) log(started, { started: 1, latenessMs });
    else log({ ...started, latenessMs }, { started: 1 });
  }
}

/** How an attempt ended, and in which `state` its execution is since. */
export function logOutcome(
  log: Log,
  { durationMs, ...entry }: About & { durationMs: number },
  execution: Running,
  { outcome, state }: { outcome: Outcome; state: State | "stale" },
): void {
  const errorCode = outcome.state === "failed" ? outcome.errorCode : undefined;
  // The line of its start has the request id.
  const { requestId: _, ...who } = entry;
  const end = { ...who, attempt: execution.attempt, errorCode };
  // Somebody else has ended the execution meanwhile, and that is what counts.
  if (state === "stale") {
    log({ message: "attempt ended too late", ...end, durationMs, reason: "stale" });
    return;
  }
  const isRetried = state === "created";
  log(
    { message: isRetried ? "attempt failed, another one follows" : "execution ended", ...end, state },
    {
      durationMs,
      ...(isRetried && { retried: 1 }),
      ...(state === "succeed" && { succeeded: 1 }),
      ...(state === "failed" && { failed: 1 }),
    },
  );
}

// A due time in the past is no lateness of ours. The clocks of two machines never agree: not below zero.
function latenessOf(execution: Running): number {
  return Math.max(0, execution.startedAtMs - runnableAtMs(execution));
}
