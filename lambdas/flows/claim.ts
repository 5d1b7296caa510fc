import { type Execution, isRunning, type Running } from "../core/execution.ts";
import { LEASE_MS } from "../core/limits.ts";
import type { DueMessage, Executions } from "../core/ports.ts";
import { next } from "../core/transitions.ts";
import { acquireSlot, type CapacityPorts, releaseSlot } from "./capacity.ts";
import { findFunction, type SendPorts, sendOn } from "./dispatch.ts";

export interface ClaimPorts extends SendPorts, CapacityPorts {
  executions: Executions;
}

/** The result of a claim: only `claimed` may run the user's code. */
export type Claim<Prepared> =
  | { claimed: Running; prepared: Prepared }
  | { dropped: "unknown" | "stale" | "discarded" | "rejected" }
  | { sentBack: { remainingMs: number } };

/** The runner waits for a remainder of up to this, and is paid for it; a longer one goes back to the queue. Half a second is the rounding to whole ones. */
const WAIT_AT_MOST_MS = 600;

/**
 * Takes the execution a message names, so that nobody else can: `created` and same revision → `started`, with a lease.
 * Two workers with the same message never both get it. `prepare` gets what the attempt needs before it is taken. Never returns `claimed` before the execution is due, nor while as
 * many run as the function allows, if it rejects the others.
 */
export async function claim<Prepared>(
  ports: ClaimPorts,
  message: DueMessage,
  prepare: (execution: Execution) => Promise<Prepared>,
): Promise<Claim<Prepared>> {
  const { capacity } = findFunction(ports, message.functionName);
  const { executionId, revision } = message;
  for (let slotOf: Execution | undefined; ; ) {
    const execution = await ports.executions.get(executionId);
    // Nobody runs with one function what was meant for another.
    if (execution?.functionName !== message.functionName) return drop(ports, "unknown", slotOf);
    let decision = next(execution, { type: "start", revision, leaseMs: LEASE_MS }, ports.clock.now());
    if (capacity !== undefined && "to" in decision && isRunning(decision.to)) {
      if (await acquireSlot(ports, execution, capacity)) slotOf = execution;
      else decision = next(execution, { type: "reject", revision }, ports.clock.now());
    }
    if ("to" in decision) {
      // A failure here happens before anything has begun; the message comes again.
      const prepared = await prepare(execution);
      if ((await ports.executions.apply(decision)) === "lost") continue;
      if (isRunning(decision.to)) return { claimed: decision.to, prepared };
      return drop(ports, decision.to.state === "cancelled" ? "rejected" : "discarded", slotOf);
    }
    if (decision.refused !== "early") {
      // The worker that was quicker with the same message runs in the same slot.
      const isShared = isRunning(execution) && execution.attempt === slotOf?.attempt;
      return drop(ports, "stale", isShared ? undefined : slotOf);
    }
    if (decision.remainingMs > WAIT_AT_MOST_MS) {
      await sendOn(ports, { ...message, scheduledAtMs: execution.scheduledAtMs });
      return { sentBack: { remainingMs: decision.remainingMs } };
    }
    await ports.clock.sleep(decision.remainingMs);
  }
}

type Reason = Extract<Claim<never>, { dropped: unknown }>["dropped"];

// What does not run holds no slot.
async function drop(ports: ClaimPorts, reason: Reason, slotOf: Execution | undefined): Promise<{ dropped: Reason }> {
  if (slotOf !== undefined) await releaseSlot(ports, slotOf);
  return { dropped: reason };
}
