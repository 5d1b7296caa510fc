import { isBefore } from "../../lambdas/core/listing/postings.ts";
import type { Schedules, TickMessage, TickMessages } from "../../lambdas/core/ports.ts";
import type { Schedule } from "../../lambdas/core/schedules/schedule.ts";
import { frozen } from "./frozen.ts";

/** The schedules, whose lists are never late here. */
export function memorySchedules(shards = 4): Schedules & { schedules: Map<string, Schedule> } {
  const schedules = new Map<string, Schedule>();
  const isOf = ({ name, id, version }: Pick<Schedule, "name" | "id" | "version">) => {
    const current = schedules.get(name);
    return current?.id === id && current.version === version;
  };
  return {
    schedules,
    shards,
    async get(name) {
      return schedules.get(name);
    },
    async getMany(names) {
      const found = names.map((name) => schedules.get(name)).filter((it) => it !== undefined);
      return new Map(found.map((schedule) => [schedule.name, schedule]));
    },
    async create(schedule) {
      if (schedules.has(schedule.name)) return "exists";
      schedules.set(schedule.name, frozen(schedule));
      return "created";
    },
    async apply({ from, to }) {
      if (!isOf(from)) return "lost";
      schedules.set(from.name, frozen(to));
      return "applied";
    },
    async remove(schedule) {
      if (!isOf(schedule)) return "lost";
      schedules.delete(schedule.name);
      return "removed";
    },
    async read({ functionId: wanted, shard }, { direction, from, to, limit }) {
      const keys = [...schedules.values()]
        .filter(({ id }) => Number.parseInt(id.slice(-4), 16) % shards === shard)
        .filter((schedule) => wanted === undefined || schedule.functionId === wanted)
        .map(({ name }) => name)
        .filter((it) => (from === undefined || !isBefore(it, from, direction)) && !(to && isBefore(to, it, direction)))
        .sort((a, b) => (isBefore(a, b, direction) ? -1 : 1));
      return { keys: keys.slice(0, limit), isEnd: keys.length <= limit };
    },
  };
}

export interface SentTick {
  message: TickMessage;
  delaySeconds?: number;
  atMs?: number;
}

export function recordingTicks(): TickMessages & { sent: SentTick[]; takenBack: TickMessage[] } {
  const sent: SentTick[] = [];
  const takenBack: TickMessage[] = [];
  return {
    sent,
    takenBack,
    async send(message, delaySeconds) {
      sent.push({ message, delaySeconds });
    },
    async sendAt(message, atMs) {
      sent.push({ message, atMs });
    },
    async takeBack(message) {
      takenBack.push(message);
    },
  };
}
