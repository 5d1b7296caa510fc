import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";

const MINUTE_MS = 60_000;

// Each has a cloud of its own: a clock that was moved stays moved. Scheduler fires at the end of its minute, the worst
// that it may do.
const aLateCloud = (functions = "harness/basics/defer") =>
  aCloud({ functions, dynamodb: "dynalite", random: () => 0.999 });
const aFile = async () => join(await mkdtemp(join(tmpdir(), "epoque-time-")), "notes");

const schedules = async (running: RunningCloud) => {
  const scheduler = new SchedulerClient(running.client);
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName: "Epoque-timer" }));
  return Schedules.map(({ Name = "" }) => Name).filter((name) => /^[0-9a-f-]{36}-\d+$/.test(name));
};
const in_ = (ms: number) => new Date(Date.now() + ms).toISOString();

describe("what is due further ahead than queues reach", () => {
  it("is with the timer, and with it no more once it is rescheduled or cancelled", async () => {
    await using running = await aLateCloud();
    const { calls } = running;
    const id = await calls.enqueue("echo", [1], { schedule_for: in_(60 * MINUTE_MS) });
    expect(await schedules(running)).toEqual([`${id}-0`]);
    await calls.send("PATCH", `/${id}/schedule`, { schedule_for: in_(150 * 24 * 60 * MINUTE_MS) });
    expect(await schedules(running)).toEqual([`${id}-1`]);
    await calls.send("POST", `/${id}/cancellation`);
    expect(await schedules(running)).toEqual([]);
  });

  it("in five months reaches its function's queue a minute ahead of time, by the same path", async () => {
    await using running = await aLateCloud();
    const { calls, cloud } = running;
    const fiveMonthsMs = 150 * 24 * 60 * MINUTE_MS;
    const id = await calls.enqueue("tally", [await aFile(), "far"], { schedule_for: in_(fiveMonthsMs) });
    await cloud.advanceClock(fiveMonthsMs - 3 * MINUTE_MS);
    expect(await schedules(running)).toEqual([`${id}-0`]);
    await cloud.advanceClock(2 * MINUTE_MS);
    expect(await schedules(running)).toEqual([]);
    // A minute is left: the queue carries the rest, and its clock has not moved.
    await until(
      () => running.messages(),
      (messages) => messages["Epoque-fn-tally"] === 1,
    );
    await calls.send("PATCH", `/${id}/schedule`, {});
    expect(await calls.ended(id)).toMatchObject({ state: "succeed" });
  });
});

describe("cron", () => {
  it("makes one execution of each tick, however often that is delivered", async () => {
    await using running = await aLateCloud("test/fixtures/cron/defer");
    const { calls, cloud } = running;
    await cloud.advanceClock(5 * MINUTE_MS);
    const list = async () =>
      (await calls.send("GET", `?first=100`)) as {
        data: { function_name: string; scheduled_at: string; state: string }[];
      };
    const ticks = await until(
      async () => (await list()).data.filter((each) => each.function_name === "everyMinute"),
      (found) => found.length >= 4,
    );
    const times = ticks.map(({ scheduled_at }) => scheduled_at);
    expect(new Set(times).size).toBe(times.length);
    expect(times.every((time) => time.endsWith(":00.000Z"))).toBe(true);
  });
});

describe("a function that rejects executions above its capacity", () => {
  it("never runs more at once, and cancels the others", async () => {
    await using running = await aLateCloud();
    const { calls } = running;
    const notes = await aFile();
    const ids = await Promise.all(Array.from({ length: 12 }, () => calls.enqueue("twoAtMost", [notes, 4_000])));
    const states = await Promise.all(ids.map(async (id) => (await calls.ended(id))["state"]));
    expect(new Set(states)).toEqual(new Set(["succeed", "cancelled"]));
    let runs = 0;
    let most = 0;
    for (const line of (await readFile(notes, "utf-8")).trim().split("\n")) {
      runs += line === "begin" ? 1 : -1;
      most = Math.max(most, runs);
    }
    expect(most).toBe(2);
  });
});
