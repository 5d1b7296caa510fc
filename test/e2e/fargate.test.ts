import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../support/a-cloud.ts";
import { until } from "../support/until.ts";

let running: RunningCloud;
let folder: string;
const lines: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "epoque-fargate-"));
  running = await aCloud({
    functions: "test/fixtures/fargate/defer",
    dynamodb: "dynalite",
    onLog: ({ functionName, line }) => void lines.push(`${functionName} ${line}`),
  });
}, 120_000);

afterAll(() => running[Symbol.asyncDispose]());

const textOf = (file: string) => readFile(file, "utf-8").catch(() => "");
const shown = async (id: string) =>
  ((await running.calls.send("GET", `/${id}`)) as { data: Record<string, unknown> }).data;

describe("a function with a long maxDuration", () => {
  it("runs as a task, and its result and logs are there", async () => {
    const { calls } = running;
    const id = await calls.enqueue("sleepLong", [join(folder, "short"), 200]);
    expect(await calls.ended(id, 60_000)).toMatchObject({ state: "succeed", compute: "fargate" });
    expect(await calls.result(id)).toBe("slept well");
    expect(lines.some((line) => line.startsWith("Epoque-fn-sleepLong") && line.includes("awake"))).toBe(true);
  }, 90_000);

  it("sleeps for 20 minutes", async () => {
    const { calls, cloud } = running;
    const id = await calls.enqueue("sleepLong", [join(folder, "long"), 20 * 60_000]);
    await until(
      () => shown(id),
      ({ state }) => state === "started",
    );
    // The clock moves by less than a lease at a time: the task has to renew it in between.
    for (let minutes = 0; minutes < 20; minutes += 0.5) {
      const { updated_at: before } = await shown(id);
      await cloud.advanceClock(30_000);
      const isRenewed = (it: Record<string, unknown>) => it["updated_at"] !== before;
      await until(() => shown(id), isRenewed, 20_000);
    }
    const ended = await calls.ended(id, 30_000);
    expect(ended).toMatchObject({ state: "succeed", attempt: 1 });
    const ranMs = Date.parse(String(ended["finished_at"])) - Date.parse(String(ended["started_at"]));
    expect(ranMs).toBeGreaterThanOrEqual(20 * 60_000);
  }, 120_000);

  it("is retried at once when its task is killed, and its worker is said to be lost", async () => {
    const { calls, cloud } = running;
    const file = join(folder, "killed");
    const id = await calls.enqueue("sleepLong", [file, 1e6]);
    process.kill(Number(await until(() => textOf(file), Boolean, 30_000)), "SIGKILL");
    const retried = await until(
      () => shown(id),
      ({ attempt }) => attempt === 2,
      5_000,
    );
    expect(retried).toMatchObject({ compute: "fargate" });
    expect(await calls.result(`${id}.1`)).toMatchObject({ name: "WorkerLostError" });
    await until(
      () => shown(id),
      ({ state }) => state === "started",
      30_000,
    );
    await calls.send("POST", `/${id}/cancellation`, { force: true });
    expect(await calls.ended(id, 10_000)).toMatchObject({ state: "aborted", attempt: 2 });
    await until(
      async () => cloud.environments(/-fn-sleepLong$/),
      (tasks) => tasks.length === 0,
      10_000,
    );
  }, 90_000);
});

describe("a function on Fargate with a concurrency of one", () => {
  it("runs in the order of due times, one after the other, and one task goes on with what waits", async () => {
    const { calls } = running;
    const file = join(folder, "turns");
    const ids: string[] = [];
    for (const name of ["a", "b", "c"]) ids.push(await calls.enqueue("inTurn", [file, name, 300]));
    for (const id of ids) expect(await calls.ended(id, 60_000)).toMatchObject({ state: "succeed" });
    const turns = (await textOf(file)).trim().split("\n");
    expect(turns.map((turn) => turn.split(" ").slice(0, 2).join(" "))).toEqual([
      "begin a",
      "end a",
      "begin b",
      "end b",
      "begin c",
      "end c",
    ]);
    // Executions that were parked when the first one ended needed no task of their own.
    expect(new Set(turns.map((turn) => turn.split(" ")[2])).size).toBeLessThan(3);
  }, 90_000);
});
