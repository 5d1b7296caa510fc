import { describe, expect, it } from "vitest";
import { aboveRate, behindCrowd, TAKES_MS } from "../../harness/simulation/crowds.ts";

const SECOND = 1_000;

/** The last ones are due further ahead than queues reach. */
const AT_ONCE = 4_500;

describe("a thousand executions of one customer", () => {
  it("hold up another customer's no longer than one slot's time", async () => {
    expect(await behindCrowd(1_000)).toBeLessThan(TAKES_MS);
  });
});

describe("thousands of executions at once above a rate", () => {
  it("start at the pace of the rate, and each is looked at a few times only", async () => {
    const { starts, lateMs, maxWrites } = await aboveRate(AT_ONCE);
    expect(starts).toHaveLength(AT_ONCE);
    // Four a second, two at once; messages are delayed by whole seconds and wait the rest.
    for (let index = 0; index + 6 < starts.length; index++) {
      expect((starts[index + 6] ?? 0) - (starts[index] ?? 0)).toBeGreaterThanOrEqual(SECOND - 250);
    }
    expect(Math.max(...lateMs)).toBeLessThan(2 * SECOND);
    // Created, reserved, started, ended: nothing polls.
    expect(maxWrites).toBeLessThanOrEqual(4);
  });
});
