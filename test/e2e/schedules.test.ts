import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";
import type { Interceptor } from "../../local/gateway/messages.ts";

interface Execution {
  id: string;
  state: string;
  scheduled_at: string;
  started_at?: string;
  schedule_name?: string;
}

interface Schedule {
  name: string;
  source: string;
  paused: boolean;
  next_at?: string;
  last_at?: string;
  last_execution_id?: string;
}

let running: RunningCloud;
/** Whether the clock is being moved. That of the queues stands still: what waits in them comes in a second instead. */
let isMoved = false;

const hurried: Interceptor = (call, request, next) => {
  if (!isMoved || call.action !== "SendMessage") return next();
  const message = JSON.parse(request.body.toString()) as { DelaySeconds?: number };
  if ((message.DelaySeconds ?? 0) <= 10) return next();
  return next({ ...request, body: Buffer.from(JSON.stringify({ ...message, DelaySeconds: 1 })) });
};

const send = (method: string, path: string, body?: unknown) =>
  running.calls.send(method, `/../schedules${path}`, body) as Promise<{ data: unknown }>;
const put = async (name: string, body: object) =>
  (await send("PUT", `/${name}`, { function_name: "echo", ...body })).data as Schedule;
const executionsOf = async (name: string) =>
  ((await running.calls.send("GET", `?schedule=${name}&first=100`)) as { data: Execution[] }).data.reverse();
const latenessMs = ({ scheduled_at, started_at = "" }: Execution) => Date.parse(started_at) - Date.parse(scheduled_at);

describe("a schedule", () => {
  beforeAll(async () => {
    running = await aCloud({
      functions: "harness/basics/defer",
      dynamodb: "dynalite",
      // Scheduler fires at the end of its minute, the worst that it may do.
      random: () => 0.999,
      interceptors: [hurried],
    });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  it("runs at each of its ticks, once, until it is paused, and again when it is resumed", async () => {
    await put("often", { every_seconds: 2, function_arguments: [1] });
    const ran = await until(
      () => executionsOf("often"),
      (list) => list.filter(({ state }) => state === "succeed").length >= 3,
    );
    expect((await send("POST", "/often/pause")).data).toMatchObject({ paused: true });
    const paused = await until(
      () => executionsOf("often"),
      (list) => list.every(({ state }) => state === "succeed" || state === "cancelled"),
    );
    const succeeded = paused.filter(({ state }) => state === "succeed");
    expect(succeeded.length).toBeGreaterThanOrEqual(ran.filter(({ state }) => state === "succeed").length);
    const times = succeeded.map(({ scheduled_at }) => Date.parse(scheduled_at));
    expect(times.slice(1).map((time, index) => time - (times[index] ?? 0))).toEqual(times.slice(1).map(() => 2_000));
    expect(succeeded.map(latenessMs).filter((ms) => ms < 0)).toEqual([]);
    expect(await running.calls.result(succeeded[0]?.id ?? "")).toEqual(1);

    expect((await send("POST", "/often/resume")).data).toMatchObject({ paused: false, next_at: expect.any(String) });
    await until(
      () => executionsOf("often"),
      (list) => list.filter(({ state }) => state === "succeed").length > succeeded.length,
    );
    // The execution of a tick may end before the schedule says so.
    const ticked = await until(
      async () => (await send("GET", "/often")).data as Record<string, unknown>,
      (schedule) => schedule["last_at"] !== undefined,
    );
    expect(ticked).toMatchObject({
      function_arguments: [1],
      last_at: expect.any(String),
      last_execution_id: expect.any(String),
    });
    await send("DELETE", "/often");
    await expect(send("GET", "/often")).rejects.toThrow("404");
  });

  it("with seconds in its cron expression runs to the second", async () => {
    await put("to-the-second", { cron: "*/3 * * * * *", timezone: "Australia/Lord_Howe" });
    const ran = await until(
      () => executionsOf("to-the-second"),
      (list) => list.filter(({ state }) => state === "succeed").length >= 2,
    );
    expect(ran.map(({ scheduled_at }) => Date.parse(scheduled_at) % 3_000)).toEqual(ran.map(() => 0));
    await send("POST", "/to-the-second/pause");
  });

  it("runs out of turn", async () => {
    await put("yearly", { cron: "@yearly", metadata: { customer: "1" } });
    const { data } = await send("POST", "/yearly/runs");
    const { id } = data as Execution;
    expect(await running.calls.ended(id)).toMatchObject({ schedule_name: "yearly", metadata: { customer: "1" } });
    expect((await send("GET", "/yearly")).data).toMatchObject({ last_execution_id: id });
    expect(await executionsOf("yearly")).toMatchObject([{ id }]);
  });

  it("tells its next ticks, and is listed by name", async () => {
    await put("list-b", { cron: "30 2 * * *", timezone: "Europe/Paris", starts_at: "2030-03-30T00:00:00Z" });
    expect((await send("GET", "/list-b/next?count=3")).data).toEqual([
      "2030-03-30T01:30:00.000Z",
      "2030-03-31T01:00:00.000Z",
      "2030-04-01T00:30:00.000Z",
    ]);
    await put("list-a", { every_seconds: 3_600 });
    await send("POST", "/list-a/pause");
    const names = async (query: string) => ((await send("GET", query)).data as Schedule[]).map(({ name }) => name);
    await until(
      () => names("?prefix=list-"),
      (list) => list.length === 2,
    );
    expect(await names("?prefix=list-")).toEqual(["list-a", "list-b"]);
    expect(await names("?prefix=list-&paused=true")).toEqual(["list-a"]);
  });

  // Both changes of 2027: at 02:00 on 28 March to 03:00, at 03:00 on 31 October to 02:00.
  it("in Europe/Paris at 02:30 runs once at both changes of the clock of 2027", async () => {
    isMoved = true;
    let aheadMs = 0;
    const moveClockTo = async (ms: number) => {
      const byMs = Math.round(ms - Date.now() - aheadMs);
      aheadMs += byMs;
      await running.cloud.advanceClock(byMs);
    };
    for (const [name, from, ticks] of [
      ["spring", "2027-03-27T12:00:00Z", ["2027-03-28T01:00:00.000Z", "2027-03-29T00:30:00.000Z"]],
      ["autumn", "2027-10-30T12:00:00Z", ["2027-10-31T00:30:00.000Z", "2027-11-01T01:30:00.000Z"]],
    ] as const) {
      await moveClockTo(Date.parse(from));
      await put(name, { cron: "30 2 * * *", timezone: "Europe/Paris" });
      for (const tick of ticks) {
        // The rest of the way takes its time.
        await moveClockTo(Date.parse(tick) - 6_000);
        const found = await until(
          () => executionsOf(name),
          (list) => list.some(({ scheduled_at, state }) => scheduled_at === tick && state === "succeed"),
        );
        expect(found.map(latenessMs).filter((ms) => ms < 0)).toEqual([]);
      }
      expect((await executionsOf(name)).map(({ scheduled_at }) => scheduled_at)).toEqual(ticks);
      await send("POST", `/${name}/pause`);
    }
    isMoved = false;
  });
});
