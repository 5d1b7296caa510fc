import { describe, expect, it } from "vitest";
import { functionId } from "../../lambdas/core/ids.ts";
import type { Schedules } from "../../lambdas/core/ports.ts";
import { type Schedule, setPaused } from "../../lambdas/core/schedules/schedule.ts";
import { aSchedule } from "../support/a-schedule.ts";

/** Tests the promises of every `Schedules`, for any implementation. */
export function describeSchedules(name: string, make: () => Schedules): void {
  const fresh = (changes: Partial<Schedule> = {}) => aSchedule({ name: crypto.randomUUID(), ...changes });

  describe(`schedules on ${name}`, () => {
    it("are read as they were written, and made once", async () => {
      const schedules = make();
      const schedule = fresh({ metadata: { constructor: "1" }, last: { atMs: 5, executionId: "x" as never } });
      expect(await schedules.get(schedule.name)).toBeUndefined();
      expect(await schedules.create(schedule)).toBe("created");
      expect(await schedules.create({ ...schedule, id: crypto.randomUUID() })).toBe("exists");
      expect(await schedules.get(schedule.name)).toEqual(schedule);
      expect(await schedules.getMany([schedule.name, "none"])).toEqual(new Map([[schedule.name, schedule]]));
    });

    it("are changed by who knows the version, of many who try at once by one", async () => {
      const schedules = make();
      const schedule = fresh();
      await schedules.create(schedule);
      const tries = [1, 2, 3, 4].map((atMs) => schedules.apply(setPaused(schedule, true, atMs)));
      expect((await Promise.all(tries)).filter((it) => it === "applied")).toHaveLength(1);
      expect(await schedules.get(schedule.name)).toMatchObject({ isPaused: true, version: 1, revision: 1 });
      expect(await schedules.remove(schedule)).toBe("lost");
    });

    it("are removed as they are known, and no other of the same name", async () => {
      const schedules = make();
      const schedule = fresh();
      await schedules.create(schedule);
      expect(await schedules.remove({ ...schedule, id: crypto.randomUUID() })).toBe("lost");
      expect(await schedules.remove(schedule)).toBe("removed");
      expect(await schedules.get(schedule.name)).toBeUndefined();
      expect(await schedules.apply(setPaused(schedule, true, 1))).toBe("lost");
    });

    it("are listed by name, all of them or those of a function", async () => {
      const schedules = make();
      const own = functionId(crypto.randomUUID());
      const run = crypto.randomUUID();
      const names = Array.from({ length: 9 }, (_, index) => `${run}-${index}`);
      await Promise.all(
        names.map((each, index) => schedules.create(fresh({ name: each, ...(index % 2 && { functionId: own }) }))),
      );
      const read = async (functionId: string | undefined, more: object = {}) => {
        const range = { direction: "oldestFirst" as const, from: run, to: `${run}~`, limit: 100, ...more };
        const parts = await Promise.all(
          Array.from({ length: schedules.shards }, (_, shard) =>
            schedules.read({ shard, ...(functionId !== undefined && { functionId }) }, range),
          ),
        );
        return parts.flatMap(({ keys }) => keys).sort();
      };
      expect(await read(undefined)).toEqual(names);
      expect(await read(own)).toEqual(names.filter((_, index) => index % 2));
      expect(await read(undefined, { from: names[3], to: names[5] })).toEqual(names.slice(3, 6));
      expect(await read(undefined, { direction: "newestFirst", from: names[5], to: names[3] })).toEqual(
        names.slice(3, 6),
      );
    });
  });
}
