import { describe, it, vi } from "vitest";
import { MovableClock } from "../../local/clock.ts";

const HOUR_MS = 3_600_000;

function aClock() {
  const clock = new MovableClock();
  clock.start();
  return { clock, [Symbol.asyncDispose]: () => clock.stop() };
}

describe("the movable clock", () => {
  it("runs timers that fall due in a leap in order, at their time, one at a time", async ({ expect }) => {
    await using it = aClock();
    const { clock } = it;
    const start = clock.now();
    const ran: string[] = [];
    const note = (name: string) => async () => {
      ran.push(`${name} at ${Math.round((clock.now() - start) / HOUR_MS)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      ran.push(`${name} ended`);
    };
    clock.at(start + 3 * HOUR_MS, note("third"));
    clock.at(start + HOUR_MS, note("first"));
    clock.at(start + 5 * HOUR_MS, note("later"));
    clock.at(start + 2 * HOUR_MS, async () => {
      clock.at(clock.now() + HOUR_MS / 2, note("set meanwhile"));
    });
    const cancel = clock.at(start + HOUR_MS, note("cancelled"));
    cancel();
    await clock.advance(4 * HOUR_MS);
    expect(ran).toEqual([
      "first at 1",
      "first ended",
      "set meanwhile at 3",
      "set meanwhile ended",
      "third at 3",
      "third ended",
    ]);
    expect(Math.round((clock.now() - start) / HOUR_MS)).toBe(4);
  });

  it("runs no timer early, and continues in real time after a leap", async ({ expect }) => {
    await using it = aClock();
    const { clock } = it;
    await clock.advance(HOUR_MS);
    const dueMs = clock.now() + 30;
    const ranMs = await new Promise<number>((resolve) => clock.at(dueMs, async () => resolve(clock.now())));
    expect(ranMs).toBeGreaterThanOrEqual(dueMs);
    expect(ranMs).toBeLessThan(dueMs + 5_000);
  });

  it("waits longer than the longest timer of Node", async ({ expect }) => {
    vi.useFakeTimers();
    try {
      await using it = aClock();
      const run = vi.fn(async () => {});
      it.clock.at(it.clock.now() + 2 ** 31 + 10_000, run);
      await vi.advanceTimersByTimeAsync(2 ** 31);
      expect(run).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(run).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });

  it("leaves no timer behind after its stop, and runs none before its start", async ({ expect }) => {
    const clock = new MovableClock();
    const run = vi.fn(async () => {});
    clock.at(clock.now() - 1, run);
    await clock.advance(HOUR_MS);
    expect(run).not.toHaveBeenCalled();
    clock.start();
    await clock.advance(0);
    expect(run).toHaveBeenCalledOnce();
    clock.at(clock.now() + 1, run);
    await clock.stop();
    await clock.advance(HOUR_MS);
    expect(run).toHaveBeenCalledOnce();
  });

  it("does not move backwards", async ({ expect }) => {
    await expect(new MovableClock().advance(-1)).rejects.toThrow(RangeError);
  });
});
