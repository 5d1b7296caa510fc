import { describe, expect, it } from "vitest";
import { aNewId } from "../../harness/an-execution.ts";
import { type CountedFailure, HOUR_MS } from "../../lambdas/core/failures/group.ts";
import type { FailureCounter, FailureGroups } from "../../lambdas/core/ports.ts";

/** Tests the promises of every `FailureCounter` with its `FailureGroups`, for any implementation. */
export function describeFailures(name: string, make: () => { counter: FailureCounter; groups: FailureGroups }): void {
  const fresh = () => crypto.randomUUID().replaceAll("-", "");
  const failure = (fingerprint: string, atMs: number, message = "no"): CountedFailure => ({
    ...{ fingerprint, atMs, message, functionName: "importContacts", errorName: "Error" },
    executionId: aNewId(atMs),
  });

  describe(`failures on ${name}`, () => {
    it("are counted by hour, however many at once", async () => {
      const { counter, groups } = make();
      const fingerprint = fresh();
      const hour = 490_000;
      const many = Array.from({ length: 20 }, (_, index) => failure(fingerprint, hour * HOUR_MS + index));
      await Promise.all(many.map((it) => counter.count(it)));
      const last = failure(fingerprint, (hour + 1) * HOUR_MS, "last");
      await counter.count(last);
      const buckets = await groups.buckets(fingerprint);
      const of = (wanted: number) => buckets.filter((it) => it.hour === wanted);
      expect(of(hour).reduce((sum, { count }) => sum + count, 0)).toBe(20);
      expect(Math.min(...of(hour).map(({ firstAtMs }) => firstAtMs))).toBeLessThan(hour * HOUR_MS + 20);
      expect(of(hour + 1)).toEqual([
        {
          ...{ hour: hour + 1, count: 1, firstAtMs: last.atMs, lastAtMs: last.atMs, message: "last" },
          ...{ functionName: "importContacts", errorName: "Error", sample: last.executionId },
        },
      ]);
      expect(await groups.buckets(fresh())).toEqual([]);
    });

    it("are seen in their hours, each kind once", async () => {
      const { counter, groups } = make();
      const [one, two] = [fresh(), fresh()];
      const hour = 400_000 + Math.floor(Math.random() * 80_000);
      for (const fingerprint of [one, one, one, one, two]) await counter.count(failure(fingerprint, hour * HOUR_MS));
      await counter.count(failure(one, (hour + 1) * HOUR_MS));
      expect([...(await groups.seenIn(hour))].sort()).toEqual([one, two].sort());
      expect(await groups.seenIn(hour + 1)).toEqual([one]);
      expect(await groups.seenIn(hour + 2)).toEqual([]);
    });

    it("are resolved, ignored and open again", async () => {
      const { groups } = make();
      const fingerprint = fresh();
      expect(await groups.resolution(fingerprint)).toBeUndefined();
      await groups.resolve(fingerprint, { state: "ignored", atMs: 5, by: "ci" });
      expect(await groups.resolution(fingerprint)).toEqual({ state: "ignored", atMs: 5, by: "ci" });
      await groups.resolve(fingerprint, { state: "resolved", atMs: 6 });
      expect(await groups.resolution(fingerprint)).toEqual({ state: "resolved", atMs: 6 });
      await groups.resolve(fingerprint, undefined);
      await groups.resolve(fingerprint, undefined);
      expect(await groups.resolution(fingerprint)).toBeUndefined();
    });
  });
}
