import type { Execution } from "../core/execution.ts";
import type { DeployedFunction } from "../core/functions.ts";
import { type Lane, laneOf, pauseLaneOf, type Slot } from "../core/lanes.ts";
import type { Rates } from "../core/ports.ts";
import { intervalMs, rateName, startMs } from "../core/rate-limit.ts";
import { decide } from "./decide.ts";
import { dueMessageOf, messageOf } from "./dispatch.ts";
import { acquireSlot, handOver, type LanePorts } from "./lanes.ts";

export interface AdmitPorts extends LanePorts {
  rates: Rates;
}

/**
 * Whether a due execution may start now. `reserved`: its record says from when on it may; `parked`: it gets a message
 * when it may; `rejected`: it is not to wait.
 */
export type Admission =
  | { slot: Slot | undefined; spare?: readonly Slot[]; notBeforeMs?: number | undefined }
  | { held: "parked" | "reserved" | "rejected" };

/** A runner learns within this that its function is paused. */
const PAUSE_SEEN_WITHIN_MS = 10_000;

/**
 * Asks pause, rate limit and lane, in this order. A function without any of them writes nothing for it.
 * @param by `launch`: a slot that is held for its task stays so
 */
export async function admit(
  ports: AdmitPorts,
  deployed: DeployedFunction,
  execution: Execution,
  by: "start" | "launch",
): Promise<Admission> {
  if (await isPaused(ports, deployed)) {
    return park(ports, pauseLaneOf(execution, ports.lanes.shards), execution);
  }
  const notBeforeMs = await reserve(ports, deployed, execution);
  if (notBeforeMs !== undefined && notBeforeMs > ports.clock.now()) {
    await decide(ports, execution.id, { type: "reserve", revision: execution.revision, notBeforeMs });
    return { held: "reserved" };
  }
  const limited = laneOf(deployed, execution);
  if (limited === undefined) return { slot: undefined, notBeforeMs };
  const acquired = await acquireSlot(ports, limited, execution, by === "launch");
  if ("slot" in acquired) return { ...acquired, notBeforeMs };
  if (limited.whenFull === "reject") return { held: "rejected" };
  return park(ports, limited.lane, execution, { notBeforeMs, held: acquired.held });
}

// Before it parks, a runner asks anew: one that does not know of a resume yet would park again what the resume has just
// woken, wake it at once, and so on until it learns of it.
async function isPaused({ pauses }: AdmitPorts, { id }: DeployedFunction): Promise<boolean> {
  return (await pauses.isPaused(id, PAUSE_SEEN_WITHIN_MS)) && (await pauses.isPaused(id, 0));
}

// The item first: what its record calls parked is looked for nowhere else. Then once more what came free in between.
async function park(
  ports: AdmitPorts,
  lane: Lane,
  execution: Execution,
  { notBeforeMs, held }: { notBeforeMs?: number | undefined; held?: Slot | undefined } = {},
): Promise<{ held: "parked" }> {
  const { id, revision } = execution;
  await ports.lanes.park(lane, dueMessageOf(ports, execution));
  const decision = await decide(ports, id, { type: "park", revision, lane: lane.name, notBeforeMs });
  if (decision === undefined || "refused" in decision) await ports.lanes.unpark(lane, messageOf(execution));
  if (held !== undefined) await ports.lanes.freeUnchanged(lane, held);
  await handOver(ports, lane);
  return { held: "parked" };
}

// Once for each revision.
async function reserve(
  { rates, clock }: AdmitPorts,
  { id, rateLimit }: DeployedFunction,
  execution: Execution,
): Promise<number | undefined> {
  if (rateLimit === undefined || execution.state !== "created" || execution.notBeforeMs !== undefined) return undefined;
  const name = rateName(rateLimit, execution.metadata);
  const nowMs = clock.now();
  return startMs(await rates.advance(id, name, intervalMs(rateLimit), nowMs), rateLimit, nowMs);
}
