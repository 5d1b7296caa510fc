import { signToken } from "../core/execution-token.ts";
import { RUNNER_RESERVE_SECONDS } from "../core/limits.ts";
import type { DueMessage } from "../core/ports.ts";
import { type ClaimPorts, claim } from "../flows/claim.ts";
import { type AttemptEnd, type FinishPorts, finish } from "../flows/finish.ts";
import { watch } from "../flows/watch.ts";
import type { Job } from "./supervisor.ts";

export interface RunPorts extends ClaimPorts, FinishPorts {
  bundle: string;
  endpoint: string;
  maxDurationSeconds: number;
  run: (job: Job, stop: AbortSignal) => Promise<AttemptEnd>;
  /** Writes one line to the Lambda's own log. */
  writeLine: (line: string) => void;
}

/** What becomes of a due message: claimed, run, written down; or dropped, or sent back. */
export function runDue(ports: RunPorts) {
  const leaseMs = (ports.maxDurationSeconds + RUNNER_RESERVE_SECONDS) * 1000;

  return async (message: DueMessage): Promise<void> => {
    const result = await claim(ports, message, leaseMs);
    if (!("claimed" in result)) return;
    const execution = result.claimed;
    const { id: executionId, attempt, functionName } = execution;
    const ended = new AbortController();
    const stop = new AbortController();
    void watch(ports, execution, ended.signal, () => stop.abort());
    const end = await ports.run(
      {
        bundle: ports.bundle,
        arguments: await ports.payloads.read(execution.arguments),
        token: signToken(execution.tokenSeed, { executionId, attempt, expiresAtMs: execution.leaseUntilMs }),
        endpoint: ports.endpoint,
        maxDurationSeconds: ports.maxDurationSeconds,
        // Who looks at the Lambda's log wants to know which execution a line is of.
        onLine: (line) =>
          ports.writeLine(JSON.stringify({ ...line, function: functionName, execution: executionId, attempt })),
      },
      stop.signal,
    );
    ended.abort();
    await finish(ports, execution, end);
  };
}
