import { describe, expect, it } from "vitest";
import { memoryFailures } from "../../../harness/memory/memory-failures.ts";
import { GROUP_HOURS, HOUR_MS } from "../../../lambdas/core/failures/group.ts";
import { rememberingPastHours } from "../../../lambdas/core/failures/past-hours.ts";
import type { FailureGroups } from "../../../lambdas/core/ports.ts";

const NOW_HOUR = 500_000;

/** Remembers groups in which failures were seen as `seen` says, and notes which hours were read. */
function given() {
  const reads: number[] = [];
  const seen = new Map<number, string[]>();
  const time = { hour: NOW_HOUR };
  const groups: FailureGroups = {
    ...memoryFailures(),
    async seenIn(hour) {
      reads.push(hour);
      return seen.get(hour) ?? [];
    },
  };
  const clock = { now: () => time.hour * HOUR_MS + 1, sleep: async () => {} };
  return { remembering: rememberingPastHours(groups, clock), groups, reads, seen, time };
}

describe("hours that are over", () => {
  it("are read once, with or without failures", async () => {
    const { remembering, seen, reads } = given();
    seen.set(NOW_HOUR - 5, ["a"]);
    for (let time = 0; time < 3; time += 1) {
      expect(await remembering.seenIn(NOW_HOUR - 5)).toEqual(["a"]);
      expect(await remembering.seenIn(NOW_HOUR - 2)).toEqual([]);
    }
    expect(reads).toEqual([NOW_HOUR - 5, NOW_HOUR - 2]);
  });

  it("are not those in which a failure may still be counted", async () => {
    const { remembering, seen } = given();
    for (const hour of [NOW_HOUR, NOW_HOUR - 1]) {
      expect(await remembering.seenIn(hour)).toEqual([]);
      seen.set(hour, ["late"]);
      expect(await remembering.seenIn(hour)).toEqual(["late"]);
    }
  });

  it("are read each time where they are large, and forgotten with the week", async () => {
    const { remembering, seen, reads, time } = given();
    const large = NOW_HOUR - 9;
    seen.set(
      large,
      Array.from({ length: 201 }, (_, index) => String(index)),
    );
    await remembering.seenIn(large);
    await remembering.seenIn(large);
    const oldest = NOW_HOUR - GROUP_HOURS + 1;
    await remembering.seenIn(oldest);
    time.hour += 1;
    await remembering.seenIn(NOW_HOUR - 8);
    await remembering.seenIn(oldest);
    expect(reads).toEqual([large, large, oldest, NOW_HOUR - 8, oldest]);
  });

  it("are read again when they could not be read", async () => {
    const { remembering, groups, seen } = given();
    seen.set(NOW_HOUR - 5, ["a"]);
    const { seenIn } = groups;
    groups.seenIn = () => Promise.reject(new Error("throttled"));
    await expect(remembering.seenIn(NOW_HOUR - 5)).rejects.toThrow("throttled");
    groups.seenIn = seenIn;
    expect(await remembering.seenIn(NOW_HOUR - 5)).toEqual(["a"]);
  });
});
