import { AppendLog } from "./append-log.ts";
import type { Group, Schedule } from "./schedule.ts";

export const DEFAULT_GROUP = "default";

/** The existing groups and schedules; kept in a file, if one is given. */
export class Store {
  readonly #log: AppendLog;
  readonly #groups = new Map<string, Group>();
  readonly #schedules = new Map<string, Schedule>();

  constructor(file: string | undefined, nowMs: number) {
    this.#log = new AppendLog(file);
    this.#groups.set(DEFAULT_GROUP, { name: DEFAULT_GROUP, createdMs: nowMs, modifiedMs: nowMs });
    for (const [key, value] of this.#log.entries()) {
      if (key.startsWith("group/")) this.#groups.set((value as Group).name, value as Group);
      else this.#schedules.set(key, value as Schedule);
    }
  }

  get groups(): Group[] {
    return sorted(this.#groups);
  }

  /** By group name, then by schedule name. */
  get schedules(): Schedule[] {
    return sorted(this.#schedules);
  }

  group(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  schedule(group: string, name: string): Schedule | undefined {
    return this.#schedules.get(keyOf({ group, name }));
  }

  putGroup(group: Group): void {
    this.#groups.set(group.name, group);
    this.#log.put(`group/${group.name}`, group);
  }

  removeGroup(name: string): void {
    this.#groups.delete(name);
    this.#log.remove(`group/${name}`);
  }

  putSchedule(schedule: Schedule): void {
    this.#schedules.set(keyOf(schedule), schedule);
    this.#log.put(keyOf(schedule), schedule);
  }

  removeSchedule(schedule: Schedule): void {
    this.#schedules.delete(keyOf(schedule));
    this.#log.remove(keyOf(schedule));
  }
}

// Names contain no slash.
function keyOf({ group, name }: Pick<Schedule, "group" | "name">): string {
  return `schedule/${group}/${name}`;
}

function sorted<T>(values: ReadonlyMap<string, T>): T[] {
  return [...values].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
}
