import { type Execution, isRunning, type Running } from "../core/execution.ts";
import type { DeployedFunction } from "../core/functions.ts";
import type { Slot } from "../core/lanes.ts";
import { LEASE_MS } from "../core/limits.ts";
import { argumentsKey } from "../core/payload-keys.ts";
import type { DueMessage, Payloads } from "../core/ports.ts";
import type { ExecutionEvent } from "../core/transitions/event.ts";
import { next } from "../core/transitions.ts";
import { type AdmitPorts, admit } from "./admit.ts";
import { announceEnd, followUpsOf } from "./announce-end.ts";
import { type DispatchPorts, dispatch, dueMessageOf, findFunction, sendOn } from "./dispatch.ts";
import { releaseSlot, releaseSpare, releaseStale, unpark } from "./lanes.ts";

export interface ClaimPorts extends AdmitPorts, DispatchPorts {
  payloads: Payloads;
}

export type TakePorts = Omit<ClaimPorts, "payloads">;

/** Why a message is done with although its execution was not taken. */
export type NotTaken =
  | { dropped: "unknown" | "stale" | "discarded" | "rejected" | "parked" }
  | { sentBack: { remainingMs: number } };

/** The result of a claim: only `claimed` may run the user's code. */
export type Claim = { claimed: Running; arguments: string } | NotTaken;

/** An execution that was taken by a message, as it is now and as it was. */
export interface Taken<Prepared> {
  taken: Execution;
  before: Execution;
  slot: Slot | undefined;
  prepared: Prepared;
}

/** How to take an execution. */
export interface Take<Prepared> {
  /** Gets what is needed before the execution is taken. */
  prepare: (execution: Execution) => Promise<Prepared>;
  /** Returns the event that takes the execution. */
  event: (slot: Slot | undefined, notBeforeMs: number | undefined) => ExecutionEvent & { type: "start" | "launch" };
}

/**
 * The runner waits for a remainder of up to this, and is paid for it; a longer one goes back to the queue. Half a
 * second is the rounding to whole ones.
 */
const WAIT_AT_MOST_MS = 600;

/**
 * Takes the execution a message names for this worker, so that nobody else can: `created` and same revision →
 * `started`, with a lease. Two workers with the same message never both get it. Reads its arguments, a JSON array,
 * before that.
 * @param task the worker, if it is a task; its log stream, if it has one
 */
export async function claim(
  ports: ClaimPorts,
  message: DueMessage,
  { task, logStream }: { task?: string | undefined; logStream?: string | undefined } = {},
): Promise<Claim> {
  const { revision } = message;
  const result = await take(ports, message, {
    prepare: (execution) => ports.payloads.read(execution.arguments, argumentsKey(execution)),
    event: (slot) => ({
      type: "start",
      revision,
      leaseMs: LEASE_MS,
      task,
      logStream,
      ...(slot && { slot: slot.number }),
    }),
  });
  return "taken" in result ? { claimed: result.taken as Running, arguments: result.prepared } : result;
}

/**
 * Takes a due execution, as the event says. Never returns `taken` before the execution is due, nor while its function's
 * limits or a pause forbid it.
 */
export async function take<Prepared>(
  ports: TakePorts,
  message: DueMessage,
  { prepare, event }: Take<Prepared>,
): Promise<Taken<Prepared> | NotTaken> {
  const deployed = findFunction(ports, message.functionName);
  const { executionId, revision } = message;
  const followUps = followUpsOf(ports, message.functionName);
  for (let held: { slot: Slot; by: Execution } | undefined; ; ) {
    const execution = await ports.executions.get(executionId);
    // Nobody runs with one function what was meant for another.
    if (execution?.functionName !== message.functionName) {
      if (held !== undefined) await releaseSlot(ports, held.by, held.slot);
      return { dropped: "unknown" };
    }
    const nowMs = ports.clock.now();
    const attempted = event(undefined, undefined);
    let decision = next(execution, attempted, nowMs, followUps);
    let slot: Slot | undefined;
    let spare: readonly Slot[] = [];
    if ("to" in decision && isTaken(decision.to)) {
      const admission = await admit(ports, deployed, execution, attempted.type);
      if ("slot" in admission) {
        ({ slot, spare = [] } = admission);
        if (slot !== undefined) held = { slot, by: execution };
        decision = next(execution, event(slot, admission.notBeforeMs), ports.clock.now(), followUps);
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
      if (slot !== undefined && ports.clock.now() >= slot.untilMs) continue;
      await announceEnd(ports, decision);
      if ((await ports.executions.apply(decision)) === "lost") continue;
      if (isRunning(decision.to)) await releaseSpare(ports, decision.to, spare);
      if (isTaken(decision.to)) return { taken: decision.to, before: execution, slot, prepared };
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

function isTaken(execution: Execution): boolean {
  return isRunning(execution) || execution.state === "created";
}

// A start that was reserved may be further ahead than the queues reach.
async function sendBack(ports: TakePorts, deployed: DeployedFunction, execution: Execution): Promise<void> {
  if (deployed.rateLimit !== undefined) await dispatch(ports, execution, deployed);
  else await sendOn(ports, dueMessageOf(ports, execution, deployed));
}
