import { type Execution, isRunning } from "./execution.ts";
import type { DeployedFunction } from "./functions.ts";
import { type ExecutionId, shardOf } from "./ids.ts";
import { LEASE_MS } from "./limits.ts";

/** Executions of one function that share a limit: those with one value of a metadata key, or all. */
export interface Lane {
  functionId: string;
  functionName: string;
  /** `<metadata key>=<value>`; `=` for the whole function; `pause#<shard>` for what is parked while it is paused. */
  name: string;
}

/** How many of a lane run at once, and what becomes of one that is too many. */
export interface LaneLimit {
  lane: Lane;
  limit: number;
  whenFull: "park" | "reject";
}

/** The right to run in a lane. The execution's record is the truth: a slot is only a lease on it. */
export interface Slot {
  /** From 0. */
  number: number;
  executionId: ExecutionId;
  attempt: number;
  revision: number;
  untilMs: number;
}

/** The clocks of two machines may be this far apart. */
const CLOCK_SKEW_MS = 60_000;

const WHOLE_FUNCTION = "=";
const PAUSE = "pause#";

/** The lane an execution runs in; `undefined` if its function has no limit that slots are needed for. */
export function laneOf(deployed: DeployedFunction, { metadata }: Execution): LaneLimit | undefined {
  const { name: functionName, id: functionId, capacity, concurrency, tasks } = deployed;
  const lane = (name: string): Lane => ({ functionId, functionName, name });
  if (capacity !== undefined) return { lane: lane(WHOLE_FUNCTION), limit: capacity, whenFull: "reject" };
  if (concurrency === undefined) {
    return tasks === undefined ? undefined : { lane: lane(WHOLE_FUNCTION), limit: tasks, whenFull: "park" };
  }
  const { per, limit } = concurrency;
  return { lane: lane(`${per}=${metadata[per] ?? ""}`), limit, whenFull: "park" };
}

/** Returns the lane in which an execution is parked while its function is paused. */
export function pauseLaneOf({ id, functionId, functionName }: Execution, shards: number): Lane {
  return { functionId, functionName, name: `${PAUSE}${shardOf(id, shards)}` };
}

/** Reasons for which an execution that is due does not start yet. */
export const waitReasons = ["capacity", "rate_limit", "pause"] as const;

/** Returns what a due execution is known to wait for. */
export function waitReasonOf(execution: Execution): (typeof waitReasons)[number] | undefined {
  if (execution.state !== "created") return undefined;
  const { parkedIn, notBeforeMs } = execution;
  if (parkedIn !== undefined) return isPauseLane({ name: parkedIn }) ? "pause" : "capacity";
  return notBeforeMs === undefined ? undefined : "rate_limit";
}

/** The lanes of a paused function. */
export function pauseLanes({ id, name }: DeployedFunction, shards: number): Lane[] {
  return Array.from({ length: shards }, (_, shard) => ({
    functionId: id,
    functionName: name,
    name: `${PAUSE}${shard}`,
  }));
}

export function isPauseLane({ name }: Pick<Lane, "name">): boolean {
  return name.startsWith(PAUSE);
}

/**
 * How many of `lane` may run now, as its function is deployed: another deployment may have another key, and what was
 * parked under the old one then waits no longer.
 */
export function limitOf({ capacity, concurrency, tasks }: DeployedFunction, { name }: Lane): number {
  if (name === WHOLE_FUNCTION) return capacity ?? tasks ?? Infinity;
  return concurrency !== undefined && name.startsWith(`${concurrency.per}=`) ? concurrency.limit : Infinity;
}

/**
 * The slots that an execution's current attempt has already, by number: one, but for a moment two hand-overs at once.
 */
export function ownSlots(slots: readonly Slot[], { id, attempt, revision }: Execution): Slot[] {
  const own = slots.filter((it) => it.executionId === id && it.attempt === attempt && it.revision === revision);
  return own.sort((a, b) => a.number - b.number);
}

/** Whether the attempt runs in `slot`: a slot counts only for the number that the claim has stored. */
export function isHeldBy(slot: Slot, execution: Execution | undefined): boolean {
  return (
    execution !== undefined &&
    isRunning(execution) &&
    execution.id === slot.executionId &&
    execution.attempt === slot.attempt &&
    execution.slot === slot.number
  );
}

/** Whether a slot is held for longer than a lease, for a task on its way. */
export function isHeldForTask({ untilMs }: Slot, nowMs: number): boolean {
  return untilMs > nowMs + LEASE_MS + CLOCK_SKEW_MS;
}

/**
 * Whether the lease of a slot is over by every clock. It is free only if its attempt does not run ({@link isHeldBy}).
 */
export function isLapsed({ untilMs }: Slot, nowMs: number): boolean {
  return nowMs >= untilMs + CLOCK_SKEW_MS;
}

/**
 * The numbers of slots that nobody has, below a finite `limit`. None while as many are taken as that, also under
 * numbers that a higher limit once allowed.
 */
export function emptySlots(slots: readonly Slot[], limit: number): number[] {
  if (slots.length >= limit) return [];
  const taken = new Set(slots.map(({ number }) => number));
  return Array.from({ length: limit }, (_, number) => number).filter((number) => !taken.has(number));
}
