import { describe, expect, it } from "vitest";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { timeOf } from "../../lambdas/core/ids.ts";
import type { TickMessage } from "../../lambdas/core/ports.ts";
import type { Schedule } from "../../lambdas/core/schedules/schedule.ts";
import { pauseSchedule } from "../../lambdas/flows/change-schedule.ts";
import { deleteSchedule } from "../../lambdas/flows/delete-schedule.ts";
import { makeTicks } from "../../lambdas/flows/make-ticks.ts";
import { putSchedule, type ScheduleInput } from "../../lambdas/flows/put-schedule.ts";
import { recoverSchedule } from "../../lambdas/flows/recover-schedule.ts";
import { aSchedule } from "../support/a-schedule.ts";

const MINUTE_MS = 60_000;

/** A schedule every minute, at `nowMs`, with the message of its next tick. */
async function given(changes: Partial<Schedule> = {}, nowMs = 55_500) {
  const ports = memoryPorts(nowMs);
  const schedule = aSchedule(changes);
  await ports.schedules.create(schedule);
  const message = (tickMs = schedule.nextAtMs ?? 0): TickMessage => ({
    schedule: schedule.name,
    scheduleId: schedule.id,
    revision: schedule.revision,
    functionId: schedule.functionId,
    ticks: schedule.ticks,
    tickMs,
  });
  const executions = () => [...ports.executions.records.values()].sort((a, b) => a.scheduledAtMs - b.scheduledAtMs);
  return { ports, schedule, message, executions, current: () => ports.schedules.schedules.get(schedule.name) };
}

const input: ScheduleInput = {
  ...{ functionName: "importContacts", arguments: "[]", metadata: {}, request: {} },
  jitterSeconds: 0,
  overlap: "allow",
  catchUp: "latest",
  ticks: () => ({ rule: { everySeconds: 60, anchorMs: 0 } }),
};

const times = (executions: { scheduledAtMs: number }[]) => executions.map(({ scheduledAtMs }) => scheduledAtMs);

describe("a tick of a schedule", () => {
  it("makes one execution some seconds ahead, with the tick as its id's time, and sends the next message", async () => {
    const { ports, message, executions, current } = await given({ metadata: { customer: "1" } });
    await makeTicks(ports, message());
    const [execution] = executions();
    expect(times(executions())).toEqual([60_000]);
    expect(execution).toMatchObject({ scheduleName: "report", metadata: { customer: "1" }, state: "created" });
    expect(timeOf(execution?.id as Parameters<typeof timeOf>[0])).toBe(60_000);
    expect(ports.dispatcher.sent).toMatchObject([{ to: "function", message: { scheduledAtMs: 60_000 } }]);
    expect(ports.ticks.sent).toMatchObject([{ message: { tickMs: 120_000 }, delaySeconds: 59 }]);
    expect(current()).toMatchObject({ nextAtMs: 120_000, recheckAtMs: 180_000, revision: 0 });
  });

  it("is sent when whole seconds are left, so that its message comes on time and not half a second late", async () => {
    const { ports, message } = await given({ ticks: { rule: { everySeconds: 2, anchorMs: 0 } } }, 55_300);
    await makeTicks(ports, message());
    const { sent } = ports.dispatcher;
    const comes = sent.map(({ delaySeconds = 0 }) => ports.clock.now() + delaySeconds * 1_000);
    expect(comes).toEqual(sent.map(({ message: { scheduledAtMs } }) => scheduledAtMs));
    expect(sent).toHaveLength(28);
  });

  describe("of thirty in a minute", () => {
    const everyTwoSeconds = { ticks: { rule: { everySeconds: 2, anchorMs: 0 } } };

    it.each([
      ["some seconds ahead", 55_300, 28, 3, 200],
      // A queue delays by whole seconds.
      ["that is close", 59_150, 30, 6, 500],
    ])("is sent on time, however slowly the others are written: %s", async (_, nowMs, count, batches, latestMs) => {
      const { ports, message } = await given(everyTwoSeconds, nowMs);
      const { create } = ports.executions;
      ports.executions.create = async (execution) => {
        ports.clock.advance(300);
        return create(execution);
      };
      const sentAtMs = new Map<string, number>();
      const { sendMany } = ports.dispatcher;
      let requests = 0;
      ports.dispatcher.sendMany = async (messages) => {
        requests += 1;
        for (const { message, delaySeconds = 0 } of messages) {
          sentAtMs.set(message.executionId, ports.clock.now() + delaySeconds * 1_000 - message.scheduledAtMs);
        }
        return sendMany(messages);
      };
      await makeTicks(ports, message());
      expect(requests).toBe(batches);
      const late = [...sentAtMs.values()];
      expect(late).toHaveLength(count);
      expect(Math.max(...late)).toBeLessThanOrEqual(latestMs);
    });

    it("is sent although a later one could not be written", async () => {
      const { ports, message } = await given(everyTwoSeconds, 55_300);
      const { create } = ports.executions;
      let written = 0;
      ports.executions.create = async (execution) => {
        if (++written > 25) throw new Error("throttled");
        return create(execution);
      };
      await expect(makeTicks(ports, message())).rejects.toThrow("throttled");
      expect(ports.dispatcher.sent).toHaveLength(20);
    });
  });

  it("that is delivered twice, or at once to two, makes one execution", async () => {
    const { ports, message, executions } = await given();
    await Promise.all([makeTicks(ports, message()), makeTicks(ports, message())]);
    expect(await makeTicks(ports, message())).toEqual({ dropped: "stale" });
    expect(executions()).toHaveLength(1);
  });

  it("is held until five seconds before it, and to the tick where executions must not overlap", async () => {
    const { ports, message, executions } = await given({}, 40_000);
    expect(await makeTicks(ports, message())).toEqual({ held: 15_000 });
    expect(ports.ticks.sent).toMatchObject([{ delaySeconds: 15, message: { tickMs: 60_000 } }]);
    expect(executions()).toEqual([]);
    const other = await given({ overlap: "skip" }, 40_000);
    expect(await makeTicks(other.ports, other.message())).toEqual({ held: 20_000 });
  });

  it("far ahead is with the timer", async () => {
    const hour = 3_600_000;
    const { ports, message } = await given(
      { ticks: { rule: { everySeconds: 3_600, anchorMs: 0 } }, nextAtMs: hour },
      hour - 5_000,
    );
    await makeTicks(ports, message());
    expect(ports.ticks.sent).toMatchObject([{ message: { tickMs: 2 * hour }, atMs: 2 * hour - 120_000 }]);
  });

  it("by the second makes those of the next minute together", async () => {
    const { ports, message, executions, current } = await given({ ticks: { rule: { everySeconds: 10, anchorMs: 0 } } });
    await makeTicks(ports, message());
    expect(times(executions())).toEqual([60, 70, 80, 90, 100, 110].map((seconds) => seconds * 1_000));
    expect(ports.ticks.sent).toMatchObject([{ message: { tickMs: 120_000 } }]);
    expect(current()).toMatchObject({ nextAtMs: 120_000 });
  });

  it.each([
    ["latest", [3_600_000]],
    ["none", []],
    ["all", Array.from({ length: 6 }, (_, index) => (index + 1) * 600_000)],
  ] as const)("after an outage of an hour runs %s", async (catchUp, expected) => {
    const rule = { everySeconds: 600, anchorMs: 0 };
    const { ports, message, executions } = await given(
      { ticks: { rule }, nextAtMs: 600_000, catchUp },
      3_600_000 + 400_000,
    );
    await makeTicks(ports, message());
    expect(times(executions())).toEqual(expected);
  });

  it("after a long outage is made good in steps, of which each message makes one", async () => {
    const ticks = { rule: { everySeconds: 1, anchorMs: 0 } };
    const { ports, message, executions, current } = await given({ ticks, nextAtMs: 1_000, catchUp: "all" }, 7_200_000);
    let steps = 0;
    for (let tickMs = 1_000; tickMs <= 7_200_000; tickMs = current()?.nextAtMs ?? Infinity) {
      await makeTicks(ports, message(tickMs));
      expect(ports.ticks.sent.at(-1)).toMatchObject({ message: { tickMs: current()?.nextAtMs } });
      steps++;
    }
    const missed = times(executions()).filter((ms) => ms <= 7_200_000);
    expect(missed).toEqual(Array.from({ length: 1_000 }, (_, index) => 6_201_000 + index * 1_000));
    expect(steps).toBe(10);
  });

  it("found within five minutes runs whatever catch_up says", async () => {
    const { ports, message, executions } = await given({ catchUp: "none" }, 60_000 + 299_000);
    await makeTicks(ports, message());
    expect(times(executions()).filter((ms) => ms <= 359_000)).toEqual([60, 120, 180, 240, 300].map((s) => s * 1_000));
  });

  it("is due later by its jitter, always by as much", async () => {
    const all = await Promise.all(
      [1, 2].map(async () => {
        const { ports, message, executions } = await given({
          id: "00000000-0000-7000-8000-000000000001",
          jitterSeconds: 30,
        });
        await makeTicks(ports, message());
        return times(executions());
      }),
    );
    expect(all[0]).toEqual(all[1]);
    expect(all[0]?.[0]).toBeGreaterThanOrEqual(60_000);
    expect(all[0]?.[0]).toBeLessThanOrEqual(90_000);
  });

  it.each([
    ["skip", 1, "created"],
    ["cancel", 2, "cancelled"],
    ["allow", 2, "created"],
  ] as const)("while the last one waits: %s", async (overlap, count, state) => {
    const { ports, message, executions } = await given({ overlap }, 60_000);
    await makeTicks(ports, message());
    ports.clock.advance(MINUTE_MS);
    await makeTicks(ports, message(overlap === "allow" ? 180_000 : 120_000));
    const first = executions()[0];
    expect(executions().filter(({ scheduledAtMs }) => scheduledAtMs <= 120_000)).toHaveLength(count);
    expect(first).toMatchObject({ scheduledAtMs: 60_000, state });
  });

  it("of an older revision is dropped, and its execution cancelled", async () => {
    const { ports, message, executions } = await given();
    await makeTicks(ports, message());
    await pauseSchedule(ports, "report", true);
    expect(executions()).toMatchObject([{ state: "cancelled" }]);
    expect(await makeTicks(ports, message())).toEqual({ dropped: "stale" });
    await pauseSchedule(ports, "report", false);
    expect(ports.schedules.schedules.get("report")).toMatchObject({ nextAtMs: 60_000, revision: 2 });
    await makeTicks(ports, { ...message(), revision: 2 });
    expect(
      executions()
        .map(({ state }) => state)
        .sort(),
    ).toEqual(["cancelled", "created"]);
  });

  it("by the second whose worker died before it saw a pause is taken back by its message, which comes again", async () => {
    const { ports, message, executions } = await given({ ticks: { rule: { everySeconds: 10, anchorMs: 0 } } });
    ports.ticks.send = async () => {
      throw new Error("the worker died");
    };
    await expect(makeTicks(ports, message())).rejects.toThrow("died");
    const { records } = ports.executions;
    const written = [...records];
    await pauseSchedule(ports, "report", true);
    // Nothing of it was there when the pause looked for it.
    for (const [id, execution] of written) records.set(id, execution);
    expect(await makeTicks(ports, message())).toEqual({ dropped: "stale" });
    expect(executions().map(({ state }) => state)).toEqual(Array(6).fill("cancelled"));
  });

  it("that a change overtakes is cancelled by whoever made it", async () => {
    const { ports, message, executions } = await given();
    const { apply } = ports.schedules;
    ports.schedules.apply = async (transition) => {
      ports.schedules.apply = apply;
      await pauseSchedule(ports, "report", true);
      expect(executions()).toMatchObject([{ state: "cancelled" }]);
      return apply(transition);
    };
    await makeTicks(ports, message());
    expect(executions()).toMatchObject([{ state: "cancelled" }]);
    expect(ports.schedules.schedules.get("report")).toMatchObject({ isPaused: true });
  });

  it("that has come and is not due yet, for its jitter, is cancelled by a pause and stays with another change", async () => {
    const { ports, message, executions } = await given({ jitterSeconds: 600 });
    await makeTicks(ports, message());
    ports.clock.advance(10_000);
    const dueMs = executions()[0]?.scheduledAtMs ?? 0;
    expect(dueMs).toBeGreaterThan(ports.clock.now());
    await putSchedule(ports, "report", { ...input, jitterSeconds: 0 });
    expect(executions()).toMatchObject([{ state: "created", scheduledAtMs: dueMs }]);
    const other = await given({ jitterSeconds: 600 });
    await makeTicks(other.ports, other.message());
    other.ports.clock.advance(10_000);
    await pauseSchedule(other.ports, "report", true);
    expect(other.executions()).toMatchObject([{ state: "cancelled" }]);
  });

  it("that has come stays when the schedule is deleted", async () => {
    const { ports, message, executions } = await given({ ticks: { rule: { everySeconds: 10, anchorMs: 0 } } });
    await makeTicks(ports, message());
    ports.clock.advance(10_000);
    await deleteSchedule(ports, "report");
    expect(executions().map(({ state }) => state)).toEqual(["created", ...Array(5).fill("cancelled")]);
  });

  it("of a function that is not deployed waits for it", async () => {
    const { ports, message, executions, current } = await given({ functionName: "gone" });
    expect(await makeTicks(ports, message())).toEqual({ dropped: "not_deployed" });
    expect(executions()).toEqual([]);
    ports.clock.advance(MINUTE_MS * 2);
    expect(await recoverSchedule(ports, "report")).toBe("missing");
    expect(current()).toMatchObject({ nextAtMs: 60_000 });
  });
});

describe("a schedule whose message was lost", () => {
  it("gets it again a minute after the tick, and not before", async () => {
    const { ports } = await given({}, 119_999);
    expect(await recoverSchedule(ports, "report")).toBeUndefined();
    ports.clock.advance(1);
    expect(await recoverSchedule(ports, "report")).toBe("sentAgain");
    expect(ports.ticks.sent).toMatchObject([{ message: { tickMs: 60_000 }, delaySeconds: 0 }]);
    expect(await recoverSchedule(ports, "report")).toBeUndefined();
  });
});
