import { type Execution, isRunning, type Running } from "../core/execution.ts";
import type { DeployedFunction } from "../core/functions.ts";
import type { Slot } from "../core/lanes.ts";
import { LEASE_MS } from "../core/limits.ts";
import type { DueMessage } from "../core/ports.ts";
import { next } from "../core/transitions.ts";
import { type AdmitPorts, admit } from "./admit.ts";
import { announceEnd, followUpsOf } from "./announce-end.ts";
import { type DispatchPorts, dispatch, findFunction, messageOf, sendOn } from "./dispatch.ts";
import { releaseSlot, releaseStale, unpark } from "./lanes.ts";

export interface ClaimPorts extends AdmitPorts, DispatchPorts {}

/** The result of a claim: only `claimed` may run the user's code. */
export type Claim<Prepared> =
  | { claimed: Running; prepared: Prepared }
  | { dropped: "unknown" | "stale" | "discarded" | "rejected" | "parked" }
  | { sentBack: { remainingMs: number } };

/** The runner waits for a remainder of up to this, and is paid for it; a longer one goes back to the queue. Half a second is the rounding to whole ones. */
const WAIT_AT_MOST_MS = 600;

/**
 * Takes the execution a message names, so that nobody else can: `created` and same revision → `started`, with a lease.
 * Two workers with the same message never both get it. `prepare` gets what the attempt needs before it is taken. Never
 * returns `claimed` before the execution is due, nor while its function's limits or a pause forbid it.
 */
export async function claim<Prepared>(
  ports: ClaimPorts,
  message: DueMessage,
  prepare: (execution: Execution) => Promise<Prepared>,
): Promise<Claim<Prepared>> {
  const deployed = findFunction(ports, message.functionName);
  const { executionId, revision } = message;
  const followUps = followUpsOf(ports, message.functionName);
  for (let taken: { slot: Slot; by: Execution } | undefined; ; ) {
    const execution = await ports.executions.get(executionId);
    // Nobody runs with one function what was meant for another.
    if (execution?.functionName !== message.functionName) {
      if (taken !== undefined) await releaseSlot(ports, taken.by, taken.slot);
      return { dropped: "unknown" };
    }
    const nowMs = ports.clock.now();
    let decision = next(execution, { type: "start", revision, leaseMs: LEASE_MS }, nowMs, followUps);
    let holdUntilMs = Infinity;
    if ("to" in decision && isRunning(decision.to)) {
      const admission = await admit(ports, deployed, execution);
      if ("slot" in admission) {
        const { slot } = admission;
        if (slot !== undefined) {
          taken = { slot, by: execution };
          holdUntilMs = slot.untilMs;
        }
        const start = { type: "start", revision, leaseMs: LEASE_MS, ...(slot && { slot: slot.number }) } as const;
        decision = next(execution, start, ports.clock.now(), followUps);
      } else if (admission.held === "rejected") {
        decision = next(execution, { type: "reject", revision }, ports.clock.now(), followUps);
      } else if (admission.held === "parked") return { dropped: "parked" };
      // The record knows from when on it may start.
      else continue;
    }
    if ("to" in decision) {
      // A failure here happens before anything has begun; the message comes again.
      const prepared = await prepare(execution);
      // Somebody else may take the slot soon, while the record does not say that this attempt runs in it.
      if (ports.clock.now() >= holdUntilMs) continue;
      await announceEnd(ports, decision);
      if ((await ports.executions.apply(decision)) === "lost") continue;
      if (isRunning(decision.to)) return { claimed: decision.to, prepared };
      await unpark(ports, execution);
      await releaseStale(ports, decision.to, message);
      return { dropped: decision.to.state === "cancelled" ? "rejected" : "discarded" };
    }
    if (decision.refused !== "early") {
      await releaseStale(ports, execution, message);
      return { dropped: "stale" };
    }
    if (decision.remainingMs > WAIT_AT_MOST_MS) {
      await sendBack(ports, deployed, execution);
      return { sentBack: { remainingMs: decision.remainingMs } };
    }
    await ports.clock.sleep(decision.remainingMs);
  }
}

// A start that was reserved may be further ahead than the queues reach.
async function sendBack(ports: ClaimPorts, { rateLimit }: DeployedFunction, execution: Execution): Promise<void> {
  if (rateLimit !== undefined) await dispatch(ports, execution);
  else await sendOn(ports, messageOf(execution));
}
