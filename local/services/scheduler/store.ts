import { Journal } from "./journal.ts";
import type { Group, Schedule } from "./schedule.ts";

export const DEFAULT_GROUP = "default";

/** The existing groups and schedules; kept in a file, if one is given. */
export class Store {
  readonly #journal: Journal;
  readonly #groups = new Map<string, Group>();
  readonly #schedules = new Map<string, Schedule>();

  constructor(file: string | undefined, nowMs: number) {
    this.#journal = new Journal(file);
    this.#groups.set(DEFAULT_GROUP, { name: DEFAULT_GROUP, createdMs: nowMs, modifiedMs: nowMs });
    for (const [key, value] of this.#journal.entries()) {
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
    this.#journal.put(`group/${group.name}`, group);
  }

  removeGroup(name: string): void {
    this.#groups.delete(name);
    this.#journal.remove(`group/${name}`);
  }

  putSchedule(schedule: Schedule): void {
    this.#schedules.set(keyOf(schedule), schedule);
    this.#journal.put(keyOf(schedule), schedule);
  }

  removeSchedule(schedule: Schedule): void {
    this.#schedules.delete(keyOf(schedule));
    this.#journal.remove(keyOf(schedule));
  }
}

// Names contain no slash.
function keyOf({ group, name }: Pick<Schedule, "group" | "name">): string {
  return `schedule/${group}/${name}`;
}

function sorted<T>(values: ReadonlyMap<string, T>): T[] {
  return [...values].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
}
