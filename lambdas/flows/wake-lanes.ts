import type { DeployedFunction } from "../core/functions.ts";
import { type Lane, pauseLanes } from "../core/lanes.ts";
import type { Lanes, Pauses } from "../core/ports.ts";
import { type SendPorts, sendOn } from "./dispatch.ts";

export interface WakeLanesPorts extends SendPorts {
  lanes: Lanes;
  pauses: Pauses;
}

/** Parked executions that are sent at once. */
const SENT_AT_ONCE = 50;

/** Parked executions to send in one step. */
const MAX_WOKEN = 500;

/** Time limit of a step. */
export const WAKE_MS = 5_000;

/** Whether more executions are parked; `paused`: the function is paused again, so that it does not matter. */
export type LeftParked = "none" | "more" | "paused";

/**
 * Sends some of what was parked while a function was paused, in order and a few at once, until it is paused again: its
 * queue and its own limits set the pace from there. The marks of its lanes go with the last that is parked.
 */
export async function wakeSome(ports: WakeLanesPorts, deployed: DeployedFunction): Promise<LeftParked> {
  const lanes = pauseLanes(deployed, ports.lanes.shards);
  const marks = await Promise.all(lanes.map((lane) => ports.lanes.mark(lane)));
  const left = await wakePaused(ports, deployed, MAX_WOKEN);
  if (left !== "none") return left;
  for (const [index, lane] of lanes.entries()) {
    const mark = marks[index];
    if (mark !== undefined && (await ports.lanes.parked(lane, 1)).length === 0) await ports.lanes.unmark(lane, mark);
  }
  return "none";
}

/** Sends at most `most` of what was parked while a function was paused, and leaves the marks of its lanes. */
export async function wakePaused(
  ports: WakeLanesPorts,
  deployed: DeployedFunction,
  most = SENT_AT_ONCE,
): Promise<LeftParked> {
  const lanes = pauseLanes(deployed, ports.lanes.shards);
  let isPaused = false;
  const left = await wake(ports, lanes, deployed, {
    most,
    untilMs: ports.clock.now() + WAKE_MS,
    async isOver() {
      isPaused = await ports.pauses.isPaused(deployed.id, 0);
      return isPaused;
    },
  });
  return isPaused ? "paused" : left;
}

/**
 * Sends what is parked in these lanes, by due time, a few at once.
 * @param most how many to send, about
 * @param isOver asked before each few; ends it if so
 */
export async function wake(
  ports: WakeLanesPorts,
  lanes: readonly Lane[],
  { fifo }: DeployedFunction,
  { most = Infinity, untilMs, isOver }: { most?: number; untilMs: number; isOver?: () => Promise<boolean> },
): Promise<"none" | "more"> {
  for (let sent = 0; ; ) {
    if (await isOver?.()) return "more";
    const pages = await Promise.all(
      lanes.map(async (lane) => (await ports.lanes.parked(lane, SENT_AT_ONCE)).map((message) => ({ lane, message }))),
    );
    const first = pages
      .flat()
      .sort((a, b) => a.message.scheduledAtMs - b.message.scheduledAtMs)
      // The first of all, whatever the lanes have further on. One at a time where the queue keeps the order.
      .slice(0, fifo ? 1 : SENT_AT_ONCE);
    if (first.length === 0) return "none";
    if (sent >= most || ports.clock.now() >= untilMs) return "more";
    await Promise.all(
      first.map(async ({ lane, message }) => {
        await sendOn(ports, message);
        // Not if somebody who did not know yet that the pause is over has parked it again.
        await ports.lanes.unpark(lane, message);
      }),
    );
    sent += first.length;
  }
}
