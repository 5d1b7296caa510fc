import { describe, expect, it } from "vitest";
import { anId } from "../../harness/an-execution.ts";
import type { DueMessage } from "../../lambdas/core/ports.ts";
import { laneWork } from "../../lambdas/run/lane-work.ts";

const message = (revision: number): DueMessage => ({
  executionId: anId,
  revision,
  functionName: "onFargate",
  scheduledAtMs: 0,
});

function given() {
  const state = { nowMs: 0, isStopping: false };
  return { state, work: laneWork({ now: () => state.nowMs, isStopping: () => state.isStopping }) };
}

describe("a task", () => {
  it("goes on with each execution that it takes over, one at a time", async () => {
    const { work } = given();
    const ran: number[] = [];
    await work.runAll(message(1), async ({ revision }) => {
      ran.push(revision);
      if (revision < 3) {
        expect(work.takeOver(message(revision + 1))).toBe(true);
        expect(work.takeOver(message(9))).toBe(false);
      }
    });
    expect(ran).toEqual([1, 2, 3]);
  });

  it("takes over nothing a quarter of an hour after its start, nor when it is told to stop", () => {
    const { state, work } = given();
    state.nowMs = 15 * 60_000 + 1;
    expect(work.takeOver(message(1))).toBe(false);
    state.nowMs = 0;
    state.isStopping = true;
    expect(work.takeOver(message(1))).toBe(false);
    state.isStopping = false;
    expect(work.takeOver(message(1))).toBe(true);
  });
});
