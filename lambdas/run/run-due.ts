import type { Running } from "../core/execution.ts";
import { signToken } from "../core/execution-token.ts";
import { RUNNER_RESERVE_SECONDS } from "../core/limits.ts";
import type { DueMessage } from "../core/ports.ts";
import { occupy, vacate } from "../flows/capacity.ts";
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
  return async (message: DueMessage): Promise<void> => {
    const result = await claim(ports, message);
    if (!("claimed" in result)) return;
    const execution = result.claimed;
    const isLimited = ports.functions.get(execution.functionName)?.cancelAbove !== undefined;
    const ended = new AbortController();
    const stop = new AbortController();
    void watch(ports, execution, {
      signal: ended.signal,
      stop: () => stop.abort(),
      onRenew: async () => isLimited && occupy(ports, execution, Infinity),
    });
    try {
      await finish(ports, execution, await ports.run(await jobOf(ports, execution), stop.signal));
    } finally {
      ended.abort();
      if (isLimited) await vacate(ports, execution);
    }
  };
}

async function jobOf(ports: RunPorts, execution: Running): Promise<Job> {
  const { id: executionId, attempt, functionName } = execution;
  const mostMs = (ports.maxDurationSeconds + RUNNER_RESERVE_SECONDS) * 1000;
  return {
    bundle: ports.bundle,
    arguments: await ports.payloads.read(execution.arguments),
    token: signToken(execution.tokenSeed, { executionId, attempt, expiresAtMs: execution.startedAtMs + mostMs }),
    endpoint: ports.endpoint,
    maxDurationSeconds: ports.maxDurationSeconds,
    // Who looks at the Lambda's log wants to know which execution a line is of.
    onLine: (line) =>
      ports.writeLine(JSON.stringify({ ...line, function: functionName, execution: executionId, attempt })),
  };
}
