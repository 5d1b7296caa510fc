import { describe, expect, it } from "vitest";
import { newJobId } from "../../lambdas/core/ids.ts";
import { afterPage, type BulkJob, newBulkJob, stop } from "../../lambdas/core/jobs/bulk-job.ts";
import { newWakeJob } from "../../lambdas/core/jobs/wake-job.ts";
import type { Jobs } from "../../lambdas/core/ports.ts";

/** Tests the promises of every `Jobs`, for any implementation. */
export function describeJobs(name: string, make: () => Jobs): void {
  const fresh = (nowMs = Date.now()): BulkJob => {
    const id = newJobId(nowMs, crypto.getRandomValues(new Uint8Array(16)));
    const filters = { metadata: [{ key: "constructor", values: ["a"] }], createdAt: { fromMs: 5, toMs: undefined } };
    return newBulkJob({ action: "cancel", filters, force: true, perSecond: 5 }, id, nowMs);
  };

  describe(`jobs on ${name}`, () => {
    it("are read as they were written, and made once", async () => {
      const jobs = make();
      const job = fresh();
      expect(await jobs.get(job.id)).toBeUndefined();
      expect(await jobs.create(job)).toBe("created");
      expect(await jobs.create({ ...job, perSecond: 9 })).toBe("exists");
      expect(await jobs.get(job.id)).toEqual(job);
      expect(await jobs.getMany([job.id, crypto.randomUUID()])).toEqual(new Map([[job.id, job]]));
    });

    it("are changed by who knows the version, of many who try at once by one", async () => {
      const jobs = make();
      const job = fresh();
      await jobs.create(job);
      const next = afterPage(job, { done: 1, skipped: 0, failures: [] }, { ids: ["x" as never], examined: 3 }, 9);
      const tries = [1, 2, 3, 4].map(() => jobs.apply(next));
      expect((await Promise.all(tries)).filter((it) => it === "applied")).toHaveLength(1);
      expect(await jobs.get(job.id)).toEqual(next.to);
      expect(await jobs.apply(stop(job, 10))).toBe("lost");
      const stopped = stop(next.to as BulkJob, 10);
      expect(await jobs.apply(stopped)).toBe("applied");
      expect(await jobs.get(job.id)).toEqual(stopped.to);
    });

    it("are listed by time, without those that wake what was parked", async () => {
      const jobs = make();
      const some = [5, 6, 7, 8].map((seconds) => fresh(seconds * 1000 + Math.floor(Math.random() * 1e12)));
      for (const job of some) await jobs.create(job);
      const woken = newWakeJob({ id: crypto.randomUUID(), name: "f" }, undefined, 1);
      await jobs.create(woken);
      const ids = some.map(({ id }) => id).sort();
      const read = async (range: object) => {
        const { keys } = await jobs.read({
          direction: "oldestFirst",
          from: undefined,
          to: undefined,
          limit: 1000,
          ...range,
        });
        return keys.filter((id) => ids.includes(id) || id === woken.id);
      };
      expect(await read({})).toEqual(ids);
      expect(await read({ direction: "newestFirst" })).toEqual(ids.toReversed());
      expect(await read({ from: ids[1], to: ids[2] })).toEqual(ids.slice(1, 3));
      expect(await read({ direction: "newestFirst", from: ids[2], to: ids[1] })).toEqual([ids[2], ids[1]]);
      expect(await jobs.read({ direction: "oldestFirst", from: ids[0], to: ids[0], limit: 1 })).toMatchObject({
        keys: [ids[0]],
      });
    });
  });
}
