import type { Created, Execution, Running } from "../core/execution.ts";
import type { DeployedFunction } from "../core/functions.ts";
import {
  emptySlots,
  isHeldBy,
  isHeldForTask,
  isLapsed,
  isPauseLane,
  type Lane,
  type LaneLimit,
  laneOf,
  limitOf,
  ownSlots,
  type Slot,
} from "../core/lanes.ts";
import { LEASE_MS } from "../core/limits.ts";
import type { DueMessage, Executions, Lanes, Pauses } from "../core/ports.ts";
import { type DispatchPorts, dueMessageOf, messageOf, type SendPorts, sendOn } from "./dispatch.ts";
import { WAKE_MS, wake, wakePaused } from "./wake-lanes.ts";

export interface LanePorts extends SendPorts {
  executions: Executions;
  lanes: Lanes;
  pauses: Pauses;
  /** Uniform in [0, 1). */
  random: () => number;
  /** Takes over a message that was handed a slot, if it may, instead of its being sent. */
  takeOver?: (message: DueMessage) => boolean;
}

/** Parked executions to consider in one hand-over: others may be handing over the first ones. */
const LOOKED_AT = 10;

/** An execution that two have handed a slot is looked at so often again: five seconds. */
const MAX_LOOKS = 20;
const LOOK_AGAIN_MS = 250;

/** The longest wait after somebody else was quicker to take a slot: twice as long each time, up to a second. */
const BACKOFF_MS = 25;
const MAX_BACKOFF_MS = 1_000;

/**
 * `spare`: others that two deliveries of its message have taken at once. `held`: the slot that is held for its task,
 * which is to begin with what was due before and is parked.
 */
type Acquired = { slot: Slot; spare: readonly Slot[] } | { full: true; held?: Slot };

/**
 * Takes a slot for the execution's attempt, unless it has one. First come, first served by due time: while others are
 * parked, and while no slot is free, it takes none.
 * @param keepsHeld leaves a slot that is held for a task as it is; it gets a lease like any other otherwise
 */
export async function acquireSlot(
  ports: LanePorts,
  { lane, limit, whenFull }: LaneLimit,
  execution: Execution,
  keepsHeld: boolean,
): Promise<Acquired> {
  let beaten = 0;
  for (let looks = 1; ; looks++) {
    const [slots, parked] = await Promise.all([
      ports.lanes.slots(lane),
      whenFull === "park" ? ports.lanes.parked(lane, 1) : [],
    ]);
    const nowMs = ports.clock.now();
    const [own, ...others] = ownSlots(slots, execution);
    if (others.length > 0 && looks < MAX_LOOKS) {
      // Two handed it a slot at once, and the one that was slower is about to take its own back: not the one to run in.
      await ports.clock.sleep(LOOK_AGAIN_MS);
      continue;
    }
    const isHeld = own !== undefined && isHeldForTask(own, nowMs);
    // Messages come in any order, and a task takes a minute to begin: by then what was due before has arrived.
    if (isHeld && !keepsHeld && isOvertaken(ports, parked[0], execution, slots)) return { full: true, held: own };
    // One of two is taken once more: whoever still wants to take it back finds it changed.
    const isGood = own !== undefined && (isHeld ? keepsHeld : others.length === 0);
    if (isGood && own.untilMs > nowMs) return { slot: own, spare: others };
    const free =
      own === undefined ? await findFree(ports, slots, limit) : { number: own.number, rank: 0, previous: own };
    if (free === undefined || (parked.length > 0 && own === undefined)) return { full: true };
    const slot = slotFor(execution, free.number, nowMs);
    if (await ports.lanes.take(lane, slot, free.previous)) return { slot, spare: others };
    await ports.clock.sleep(backoffMs(ports, beaten++));
  }
}

/** Takes the parked message of an execution out of its lane, once its record says that it is not parked any more. */
export async function unpark(ports: { lanes: Lanes }, before: Execution): Promise<void> {
  if (before.state !== "created" || before.parkedIn === undefined) return;
  const { functionId, functionName, parkedIn: name } = before;
  await ports.lanes.unpark({ functionId, functionName, name }, messageOf(before));
}

/** Holds the slot of a running attempt for longer, if it runs in one. One that was given back meanwhile stays so. */
export async function renewSlot(ports: LanePorts, execution: Running): Promise<void> {
  const limited = laneLimit(ports, execution);
  if (limited === undefined || execution.slot === undefined) return;
  await ports.lanes.renew(limited.lane, slotFor(execution, execution.slot, ports.clock.now()));
}

/** Holds the slot of an execution that waits for its task for so long. */
export async function holdSlot(ports: LanePorts, execution: Execution, slot: Slot, forMs: number): Promise<void> {
  const limited = laneLimit(ports, execution);
  if (limited === undefined) return;
  await ports.lanes.renew(limited.lane, { ...slot, untilMs: ports.clock.now() + forMs });
}

/**
 * Gives back the slot that an execution has for a task of this revision which has not claimed it, unless it was
 * launched again since `execution` was written.
 */
export async function releaseLaunched(ports: LanePorts, execution: Execution, revision: number): Promise<void> {
  const limited = laneLimit(ports, execution);
  if (limited === undefined) return;
  const slots = await slotsOf(ports, limited, execution, revision);
  // Read after the slots: a launch or a claim from now on changes the slot.
  const current = await ports.executions.get(execution.id);
  if (current?.state === "created" && current.version !== execution.version) return;
  const unclaimed = slots.filter((it) => !isHeldBy(it, current));
  await giveBack(ports, limited, unclaimed);
}

/** Returns the other executions that have slots in the lane of `execution`. */
export async function laneExecutions(ports: LanePorts, execution: Execution): Promise<Execution[]> {
  const limited = laneLimit(ports, execution);
  if (limited === undefined) return [];
  const slots = await ports.lanes.slots(limited.lane);
  const ids = new Set(slots.map(({ executionId }) => executionId).filter((id) => id !== execution.id));
  const found = await Promise.all([...ids].map((id) => ports.executions.get(id)));
  return found.filter((it) => it !== undefined);
}

/** Gives back the slot of an attempt that does not run any more, then hands it over. */
export async function releaseSlot(ports: LanePorts, execution: Execution, slot: Omit<Slot, "untilMs">): Promise<void> {
  const limited = laneLimit(ports, execution);
  // Deployed without it since: what it has expires.
  if (limited === undefined) return;
  await ports.lanes.free(limited.lane, slot);
  if (limited.whenFull === "park") await handOver(ports, limited.lane);
}

/**
 * Gives back the slots that an execution has besides the one that it runs in by now. Never throws: those that are not
 * given back end with their leases.
 */
export async function releaseSpare(
  ports: LanePorts & Pick<DispatchPorts, "onDispatchError">,
  execution: Execution,
  spare: readonly Slot[],
): Promise<void> {
  const limited = laneLimit(ports, execution);
  if (limited === undefined || spare.length === 0) return;
  try {
    // A task that takes over another message now would let it wait behind its own execution.
    const { takeOver: _, ...others } = ports;
    await giveBack(others, limited, spare);
  } catch (error) {
    ports.onDispatchError("slot not released", { executionId: execution.id }, error);
  }
}

/** Releases the slot that was handed to an execution whose message is stale by now. */
export async function releaseStale(ports: LanePorts, execution: Execution, message: DueMessage): Promise<void> {
  const limited = laneLimit(ports, execution);
  if (limited === undefined) return;
  // The worker that was quicker with the same message may be about to claim.
  if (execution.state === "created" && execution.revision === message.revision) return;
  const slots = await slotsOf(ports, limited, execution, message.revision);
  await giveBack(
    ports,
    limited,
    slots.filter((it) => !isHeldBy(it, execution)),
  );
}

/**
 * Gives free slots of a lane to what is parked there, by due time, and sends those messages. Whoever sees a free slot
 * and parked executions calls it: any number of callers give each slot once and take each message out once. A crash
 * between the steps leaves a slot whose lease ends, and the lane's mark, by which the sweep finds it.
 * @param untilMs until when executions of a lane without slots are sent: there may be very many
 */
export async function handOver(ports: LanePorts, lane: Lane, untilMs = ports.clock.now() + WAKE_MS): Promise<void> {
  const deployed = ports.functions.get(lane.functionName);
  if (deployed === undefined) return;
  const limit = limitOf(deployed, lane);
  if (isPauseLane(lane)) return void (await wakePaused(ports, deployed));
  if (limit === Infinity) return void (await wake(ports, [lane], deployed, { untilMs }));
  let beaten = 0;
  for (;;) {
    const [slots, parked] = await Promise.all([ports.lanes.slots(lane), ports.lanes.parked(lane, LOOKED_AT)]);
    // Another one is about to send the others.
    const waiting = parked.filter(({ executionId }) => !slots.some((slot) => isOnItsWay(slot, executionId, ports)));
    if (waiting.length === 0) return;
    const free = await findFree(ports, slots, limit, waiting.length);
    // The first for the first slot, and so on: callers who take different slots do not meet at one message.
    const message = waiting[free?.rank ?? 0];
    if (free === undefined || message === undefined) return;
    const execution = await ports.executions.get(message.executionId);
    if (!isWaiting(execution, lane, message)) {
      await ports.lanes.unpark(lane, message);
      continue;
    }
    const slot = slotFor(execution, free.number, ports.clock.now());
    if (!(await ports.lanes.take(lane, slot, free.previous))) {
      await ports.clock.sleep(backoffMs(ports, beaten++));
      continue;
    }
    if (!(await ports.lanes.unpark(lane, messageOf(execution))) && (await isGivenTwice(ports, lane, slot))) {
      await ports.lanes.freeUnchanged(lane, slot);
      continue;
    }
    if (!ports.takeOver?.(message)) await sendOn(ports, message);
  }
}

/**
 * Recovers a lane that is marked: frees the slots of attempts that do not run, hands over what a crash left behind, and
 * sends the message again of an execution that was handed a slot and did not come for it. The mark goes when nothing is
 * left to do.
 */
export async function repairLane(ports: LanePorts, lane: Lane, untilMs: number): Promise<void> {
  const mark = await ports.lanes.mark(lane);
  if (mark === undefined) return;
  const slots = await ports.lanes.slots(lane);
  let isSettled = true;
  for (const slot of slots) {
    const execution = await ports.executions.get(slot.executionId);
    if (isHeldBy(slot, execution)) continue;
    if (!isWaiting(execution, lane, slot)) {
      // A caller ended or postponed it, and died before giving it back.
      await ports.lanes.freeUnchanged(lane, slot);
      continue;
    }
    isSettled = false;
    // A runner may be about to claim, whatever the record says of where its message was parked.
    if (!isLapsed(slot, ports.clock.now())) continue;
    if (await isParkedElsewhere(ports, lane, execution)) {
      await ports.lanes.freeUnchanged(lane, slot);
      continue;
    }
    const again = slotFor(execution, slot.number, ports.clock.now());
    if (await ports.lanes.take(lane, again, slot)) await sendOn(ports, dueMessageOf(ports, execution));
  }
  await handOver(ports, lane, untilMs);
  if (isSettled && (await ports.lanes.parked(lane, 1)).length === 0) await ports.lanes.unmark(lane, mark);
}

interface Free {
  number: number;
  /** How many free slots come before it. */
  rank: number;
  /** Its former holder, whose lease is over and whose attempt does not run. */
  previous: Slot | undefined;
}

// At random, so that those who met once do not meet again.
function backoffMs({ random }: LanePorts, beaten: number): number {
  return random() * Math.min(BACKOFF_MS * 2 ** beaten, MAX_BACKOFF_MS);
}

/** @param most of how many free slots it may be one */
async function findFree(
  ports: LanePorts,
  slots: readonly Slot[],
  limit: number,
  most = Infinity,
): Promise<Free | undefined> {
  const empty = emptySlots(slots, limit);
  // At random, so that many who look at once do not all want the same.
  const rank = Math.floor(ports.random() * Math.min(empty.length, most));
  const number = empty[rank];
  if (number !== undefined) return { number, rank, previous: undefined };
  const nowMs = ports.clock.now();
  for (const previous of slots.filter((slot) => slot.number < limit && isLapsed(slot, nowMs))) {
    const execution = await ports.executions.get(previous.executionId);
    if (!isHeldBy(previous, execution)) return { number: previous.number, rank: 0, previous };
  }
  return undefined;
}

async function slotsOf(
  { lanes }: LanePorts,
  { lane }: LaneLimit,
  { id }: Execution,
  revision: number,
): Promise<Slot[]> {
  return (await lanes.slots(lane)).filter((it) => it.executionId === id && it.revision === revision);
}

// As they were read: the execution may have taken one again since, under another revision or for another task.
async function giveBack(ports: LanePorts, { lane, whenFull }: LaneLimit, slots: readonly Slot[]): Promise<void> {
  for (const slot of slots) await ports.lanes.freeUnchanged(lane, slot);
  if (slots.length > 0 && whenFull === "park") await handOver(ports, lane);
}

function isWaiting(
  execution: Execution | undefined,
  { functionName }: Lane,
  { revision }: { revision: number },
): execution is Created {
  return execution?.state === "created" && execution.revision === revision && execution.functionName === functionName;
}

// Its record names the former lane until it starts.
async function isParkedElsewhere({ lanes }: LanePorts, lane: Lane, execution: Created): Promise<boolean> {
  const name = execution.parkedIn ?? lane.name;
  return name !== lane.name && lanes.isParked({ ...lane, name }, messageOf(execution));
}

/** Whether `first`, the oldest that is parked, was due before the execution and has no slot yet. */
function isOvertaken(
  ports: LanePorts,
  first: DueMessage | undefined,
  { scheduledAtMs }: Execution,
  slots: readonly Slot[],
): boolean {
  if (first === undefined || first.scheduledAtMs >= scheduledAtMs) return false;
  return !slots.some((slot) => isOnItsWay(slot, first.executionId, ports));
}

function isOnItsWay(slot: Slot, executionId: string, { clock }: LanePorts): boolean {
  return slot.executionId === executionId && !isLapsed(slot, clock.now());
}

// An earlier try whose answer was lost may have taken the message out.
async function isGivenTwice({ lanes }: LanePorts, lane: Lane, { executionId, number }: Slot): Promise<boolean> {
  const slots = await lanes.slots(lane);
  return slots.some((it) => it.executionId === executionId && it.number !== number);
}

function slotFor({ id, attempt, revision }: Execution, number: number, nowMs: number): Slot {
  return { number, executionId: id, attempt, revision, untilMs: nowMs + LEASE_MS };
}

function laneLimit({ functions }: SendPorts, execution: Execution): LaneLimit | undefined {
  const deployed: DeployedFunction | undefined = functions.get(execution.functionName);
  return deployed && laneOf(deployed, execution);
}
