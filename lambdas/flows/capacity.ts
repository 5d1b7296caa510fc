import { othersAlive, renewedSlot, type Slot, takeSlot } from "../core/capacity.ts";
import type { Execution } from "../core/execution.ts";
import { attemptId } from "../core/ids.ts";
import { LEASE_MS } from "../core/limits.ts";
import type { Clock, Slots } from "../core/ports.ts";

export interface CapacityPorts {
  slots: Slots;
  clock: Clock;
}

/** Takes a slot of its function for the execution's attempt, unless it has one. `false`: `limit` others run. */
export async function acquireSlot(ports: CapacityPorts, execution: Execution, limit: number): Promise<boolean> {
  return change(ports, execution.functionId, (slots, nowMs) =>
    takeSlot(slots, { holder: holderOf(execution), untilMs: nowMs + LEASE_MS }, limit, nowMs),
  );
}

/** Holds the slot of a running attempt for longer. A slot that was given back meanwhile stays given back. */
export async function renewSlot(ports: CapacityPorts, execution: Execution): Promise<void> {
  await change(ports, execution.functionId, (slots, nowMs) =>
    renewedSlot(slots, { holder: holderOf(execution), untilMs: nowMs + LEASE_MS }),
  );
}

/** Gives the slot back. One that is not given back ends with its lease. */
export async function releaseSlot(ports: CapacityPorts, execution: Execution): Promise<void> {
  await change(ports, execution.functionId, (slots, nowMs) => othersAlive(slots, holderOf(execution), nowMs));
}

async function change(
  { slots, clock }: CapacityPorts,
  functionId: string,
  decide: (slots: readonly Slot[], nowMs: number) => readonly Slot[] | undefined,
): Promise<boolean> {
  for (;;) {
    const { slots: current, version } = await slots.read(functionId);
    const decided = decide(current, clock.now());
    if (decided === undefined) return false;
    if (await slots.write(functionId, { slots: decided, version })) return true;
  }
}

function holderOf({ id, attempt }: Execution): string {
  return attemptId(id, attempt);
}
