import { isDeepStrictEqual } from "node:util";
import type { Lane, Slot } from "../../lambdas/core/lanes.ts";
import type { Clock, DueMessage, Lanes, ParkedMessage, Pause, Pauses, Rates } from "../../lambdas/core/ports.ts";
import { frozen } from "./frozen.ts";

export function memoryLanes(shards = 4): Lanes & { items: Map<string, MemoryLane> } {
  interface Marked {
    shard: number;
    mark: string;
  }
  const items = new Map<string, MemoryLane>();
  const marks = new Map<string, Marked & Pick<Lane, "functionId" | "name">>();
  const keyOf = ({ functionId, name }: Pick<Lane, "functionId" | "name">) => `${functionId}#${name}`;
  const of = (lane: Lane): MemoryLane => {
    const key = keyOf(lane);
    const known = items.get(key);
    if (known !== undefined) return known;
    const fresh: MemoryLane = { slots: new Map(), parked: new Map() };
    items.set(key, fresh);
    return fresh;
  };
  const isHolder = (kept: Slot | undefined, slot: Omit<Slot, "untilMs">) =>
    kept?.executionId === slot.executionId && kept.attempt === slot.attempt && kept.revision === slot.revision;
  const parkedKey = ({ scheduledAtMs, executionId }: DueMessage) => `${scheduledAtMs}#${executionId}`;
  let marksMade = 0;
  let parkings = 0;
  return {
    items,
    shards,
    async slots(lane) {
      return [...of(lane).slots.values()].sort((a, b) => a.number - b.number);
    },
    async take(lane, slot, previous) {
      const kept = of(lane).slots.get(slot.number);
      if (JSON.stringify(kept) !== JSON.stringify(previous)) return false;
      of(lane).slots.set(slot.number, frozen(slot));
      return true;
    },
    async renew(lane, slot) {
      if (isHolder(of(lane).slots.get(slot.number), slot)) of(lane).slots.set(slot.number, frozen(slot));
    },
    async free(lane, slot) {
      if (isHolder(of(lane).slots.get(slot.number), slot)) of(lane).slots.delete(slot.number);
    },
    async freeUnchanged(lane, slot) {
      if (isDeepStrictEqual(of(lane).slots.get(slot.number), slot)) of(lane).slots.delete(slot.number);
    },
    async parked(lane, limit) {
      const sorted = [...of(lane).parked.values()].sort(
        (a, b) => a.scheduledAtMs - b.scheduledAtMs || (a.executionId < b.executionId ? -1 : 1),
      );
      return sorted.slice(0, limit);
    },
    async isParked(lane, message) {
      return of(lane).parked.has(parkedKey(message));
    },
    async park(lane, message) {
      of(lane).parked.set(parkedKey(message), frozen({ ...message, parking: String(parkings++) }));
      const { functionId, name } = lane;
      marks.set(keyOf(lane), { functionId, name, shard: name.length % shards, mark: String(marksMade++) });
    },
    async unpark(lane, message) {
      const key = parkedKey(message);
      const kept = of(lane).parked.get(key);
      if (kept?.revision !== message.revision || kept.parking !== (message.parking ?? kept.parking)) return false;
      return of(lane).parked.delete(key);
    },
    async *marked(shard) {
      const found = [...marks.values()].filter((it) => it.shard === shard);
      if (found.length > 0) yield found.map(({ functionId, name }) => ({ functionId, name }));
    },
    async countParked(functionId, most) {
      const of = [...items].filter(([key]) => key.startsWith(`${functionId}#`));
      return Math.min(
        most,
        of.reduce((sum, [, { parked }]) => sum + parked.size, 0),
      );
    },
    async mark(lane) {
      return marks.get(keyOf(lane))?.mark;
    },
    async unmark(lane, mark) {
      if (marks.get(keyOf(lane))?.mark === mark) marks.delete(keyOf(lane));
    },
  };
}

interface MemoryLane {
  slots: Map<number, Slot>;
  parked: Map<string, ParkedMessage>;
}

export function memoryRates(): Rates {
  const arrivals = new Map<string, number>();
  return {
    async advance(functionId, name, intervalMs, nowMs) {
      const arrival = Math.max(arrivals.get(`${functionId}#${name}`) ?? 0, nowMs);
      arrivals.set(`${functionId}#${name}`, arrival + intervalMs);
      return arrival;
    },
  };
}

export function memoryPauses(clock: Pick<Clock, "now"> = { now: () => 0 }): Pauses {
  const paused = new Map<string, Pause>();
  return {
    isPaused: async (id) => paused.has(id),
    get: async (id) => paused.get(id),
    pause: async (id, by) => void paused.set(id, { atMs: clock.now(), by }),
    resume: async (id) => void paused.delete(id),
  };
}
