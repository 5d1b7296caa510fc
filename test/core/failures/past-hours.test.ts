import { describe, expect, it } from "vitest";
import { GROUP_HOURS, HOUR_MS } from "../../../lambdas/core/failures/group.ts";
import { rememberingPastHours } from "../../../lambdas/core/failures/past-hours.ts";
import type { FailureGroups } from "../../../lambdas/core/ports.ts";

const NOW_HOUR = 500_000;

describe("hours that are over", () => {
  const reads: number[] = [];
  const seen = new Map<number, string[]>();
  let hourNow = NOW_HOUR;
  const groups = {
    shards: 4,
    seenIn: async (hour: number) => {
      reads.push(hour);
      return seen.get(hour) ?? [];
    },
  } as unknown as FailureGroups;
  const fresh = () => {
    reads.length = 0;
    seen.clear();
    hourNow = NOW_HOUR;
    return rememberingPastHours(groups, { now: () => hourNow * HOUR_MS + 1, sleep: async () => {} });
  };

  it("are read once, with or without failures", async () => {
    const remembering = fresh();
    seen.set(NOW_HOUR - 5, ["a"]);
    for (let time = 0; time < 3; time += 1) {
      expect(await remembering.seenIn(NOW_HOUR - 5)).toEqual(["a"]);
      expect(await remembering.seenIn(NOW_HOUR - 2)).toEqual([]);
    }
    expect(reads).toEqual([NOW_HOUR - 5, NOW_HOUR - 2]);
  });

  it("are not those in which a failure may still be counted", async () => {
    const remembering = fresh();
    for (const hour of [NOW_HOUR, NOW_HOUR - 1]) {
      expect(await remembering.seenIn(hour)).toEqual([]);
      seen.set(hour, ["late"]);
      expect(await remembering.seenIn(hour)).toEqual(["late"]);
    }
  });

  it("are read each time where they are large, and forgotten with the week", async () => {
    const remembering = fresh();
    const large = NOW_HOUR - 9;
    seen.set(
      large,
      Array.from({ length: 201 }, (_, index) => String(index)),
    );
    await remembering.seenIn(large);
    await remembering.seenIn(large);
    const oldest = NOW_HOUR - GROUP_HOURS + 1;
    await remembering.seenIn(oldest);
    hourNow += 1;
    await remembering.seenIn(NOW_HOUR - 8);
    await remembering.seenIn(oldest);
    expect(reads).toEqual([large, large, oldest, NOW_HOUR - 8, oldest]);
  });

  it("are not remembered when they could not be read", async () => {
    const remembering = fresh();
    const broken = { ...groups, seenIn: () => Promise.reject(new Error("throttled")) } as unknown as FailureGroups;
    const failing = rememberingPastHours(broken, { now: () => hourNow * HOUR_MS, sleep: async () => {} });
    await expect(failing.seenIn(NOW_HOUR - 5)).rejects.toThrow("throttled");
    await expect(failing.seenIn(NOW_HOUR - 5)).rejects.toThrow("throttled");
    expect(await remembering.seenIn(NOW_HOUR - 5)).toEqual([]);
  });
});
