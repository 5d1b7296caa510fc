import { isRunning, type Running } from "../core/execution.ts";
import type { DueMessage, Executions } from "../core/ports.ts";
import { next } from "../core/transitions.ts";
import { type DispatchPorts, dispatch } from "./dispatch.ts";

export interface ClaimPorts extends DispatchPorts {
  executions: Executions;
}

/** What became of a message: only `claimed` may run the user's code. */
export type Claim =
  | { claimed: Running }
  | { dropped: "unknown" | "stale" | "discarded" }
  | { sentBack: { remainingMs: number } };

/** The runner waits for a remainder of up to this; a longer one goes back to the queue. */
const WAIT_AT_MOST_MS = 1_000;

/**
 * Takes the execution a message names, so that nobody else can: `created` and same revision → `started`, with a lease.
 * Two workers with the same message never both get it. Never returns `claimed` before the execution is due.
 */
export async function claim(ports: ClaimPorts, message: DueMessage, leaseMs: number): Promise<Claim> {
  for (;;) {
    const execution = await ports.executions.get(message.executionId);
    if (execution === undefined) return { dropped: "unknown" };
    const decision = next(execution, { type: "start", revision: message.revision, leaseMs }, ports.clock.now());
    if ("to" in decision) {
      if ((await ports.executions.apply(decision)) === "lost") continue;
      return isRunning(decision.to) ? { claimed: decision.to } : { dropped: "discarded" };
    }
    if (decision.refused !== "early") return { dropped: "stale" };
    if (decision.remainingMs > WAIT_AT_MOST_MS) {
      await dispatch(ports, { ...message, dueAtMs: execution.scheduledAtMs });
      return { sentBack: { remainingMs: decision.remainingMs } };
    }
    await ports.clock.sleep(decision.remainingMs);
  }
}
