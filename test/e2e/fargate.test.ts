import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTasksCommand, ECSClient, StopTaskCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";
import { ecsTasks } from "../../lambdas/aws/tasks.ts";
import { jsonBody } from "../../local/gateway/json-body.ts";
import type { Interceptor } from "../../local/gateway/messages.ts";
import { describeTasks } from "../contract/tasks.ts";

// One cloud for all: clocks are moved, nobody waits.

let running: RunningCloud;
let folder: string;
const lines: string[] = [];
/** Seconds that the launch Lambda lets messages wait. */
const waits: number[] = [];

/** Notes how long messages are to wait, and lets them come at once. */
const withoutWaits: Interceptor = (call, request, next) => {
  const { caller, action } = call;
  const field = { SendMessage: "DelaySeconds", ChangeMessageVisibility: "VisibilityTimeout" }[action];
  if (caller.kind !== "function" || caller.functionName !== "Epoque-launch" || field === undefined) return next();
  const input = jsonBody(request) as Record<string, unknown>;
  if (typeof input[field] === "number") waits.push(input[field]);
  return next({ ...request, body: Buffer.from(JSON.stringify({ ...input, [field]: 0 })) });
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "epoque-fargate-"));
  running = await aCloud({
    functions: "test/fixtures/fargate/defer",
    dynamodb: "dynalite",
    interceptors: [withoutWaits],
    onLog: ({ functionName, line }) => void lines.push(`${functionName} ${line}`),
  });
});

afterAll(() => running[Symbol.asyncDispose]());

const family = /-fn-sleepLong$/;
const CLUSTER = "Epoque-tasks";

/** ARN of the task that was launched last for an execution. */
async function taskOf(id: string): Promise<string> {
  const launched = () => lines.filter((line) => line.includes('"task launched"') && line.includes(id)).at(-1);
  const line = await until(launched, (it) => it !== undefined);
  return (JSON.parse(line?.slice(line.indexOf("{")) ?? "") as { task: string }).task;
}

async function stopTask(task: string): Promise<void> {
  await new ECSClient(running.client).send(new StopTaskCommand({ cluster: CLUSTER, task }));
}

/** Reads the lines behind those of `after`. */
async function logsOf(id: string, after?: readonly string[]): Promise<string[]> {
  const headers = { authorization: `Bearer ${running.token}` };
  const query = after === undefined ? "" : `?after=${after.length}`;
  const url = `${running.cloud.apiEndpoint}/public/v2/executions/${id}/logs${query}`;
  const text = await (await fetch(url, { headers })).text();
  return text.split("\n").flatMap((it) => (it === "" ? [] : [(JSON.parse(it) as { line: string }).line]));
}

const begins = (id: string, attempt = 1) =>
  running.calls.until(id, (it) => it["state"] === "started" && it["attempt"] === attempt, 60_000);

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
  });

  it("sleeps for longer than a Lambda may run", async () => {
    const { calls, cloud } = running;
    const sleepMs = 20 * 60_000;
    const id = await calls.enqueue("sleepLong", [join(folder, "long"), sleepMs]);
    await running.calls.until(id, ({ state }) => state === "started");
    // The clock moves by less than a lease at a time: the task has to renew it in between.
    for (let execution = await shown(id); execution["state"] === "started"; ) {
      const { updated_at: before } = execution;
      await cloud.advanceClock(30_000);
      execution = await running.calls.until(id, (it) => it["updated_at"] !== before);
    }
    const ended = await calls.ended(id, 30_000);
    expect(ended).toMatchObject({ state: "succeed", attempt: 1 });
    expect(await calls.result(id)).toBe("slept well");
    expect(await logsOf(id)).toEqual([`asleep for ${sleepMs} ms`, "awake"]);
    const ranMs = Date.parse(String(ended["finished_at"])) - Date.parse(String(ended["started_at"]));
    expect(ranMs).toBeGreaterThanOrEqual(sleepMs);
  });

  it("is retried at once when its task is killed, and its worker is said to be lost", async () => {
    const { calls, cloud } = running;
    const file = join(folder, "killed");
    const id = await calls.enqueue("sleepLong", [file, 1e6]);
    process.kill(Number(await until(() => textOf(file), Boolean, 30_000)), "SIGKILL");
    const retried = await running.calls.until(
      id,
      ({ attempt }) => attempt === 2,
      // By the event of its end; its lease would last for 45 s.
      15_000,
    );
    expect(retried).toMatchObject({ compute: "fargate" });
    expect(await calls.result(`${id}.1`)).toMatchObject({ name: "WorkerLostError" });
    await running.calls.until(id, ({ state }) => state === "started", 30_000);
    await calls.send("POST", `/${id}/cancellation`, { force: true });
    expect(await calls.ended(id)).toMatchObject({ state: "aborted", attempt: 2 });
    await until(
      async () => cloud.environments(/-fn-sleepLong$/),
      (tasks) => tasks.length === 0,
      30_000,
    );
  });
});

describe("a task", () => {
  it("that dies without an event is seen by its lease", async () => {
    const { calls, cloud } = running;
    const file = join(folder, "unheard");
    cloud.faults.nextTasks("eventLost", family);
    const id = await calls.enqueue("sleepLong", [file, 1e6]);
    process.kill(Number(await until(() => textOf(file), Boolean, 60_000)), "SIGKILL");
    await until(
      () => cloud.faults.injected,
      (them) => them.some((it) => it.startsWith("eventLost")),
    );
    expect(await shown(id)).toMatchObject({ state: "started", attempt: 1 });
    // Its lease ends after 45 s at the latest, and the next sweep sees that.
    for (let seconds = 0; seconds < 120; seconds += 15) await cloud.advanceClock(15_000);
    await running.calls.until(id, ({ attempt }) => attempt === 2);
    expect(await calls.result(`${id}.1`)).toMatchObject({ name: "WorkerLostError" });
    await begins(id, 2);
    await calls.send("POST", `/${id}/cancellation`, { force: true });
    expect(await calls.ended(id)).toMatchObject({ state: "aborted" });
  });

  it("that ECS tells to stop lets the function end, and ends then; its log is read meanwhile, without a gap", async () => {
    const { calls, cloud } = running;
    const file = join(folder, "stopped");
    const id = await calls.enqueue("sleepLong", [file, 25_000]);
    await until(() => textOf(file), Boolean, 60_000);
    const live = await until(
      () => logsOf(id, []),
      (them) => them.length > 0,
    );
    expect(live).toEqual(["asleep for 25000 ms"]);
    expect(await logsOf(id, live)).toEqual([]);
    const task = await taskOf(id);
    await stopTask(task);
    expect(await shown(id)).toMatchObject({ state: "started" });
    await cloud.advanceClock(25_000);
    expect(await calls.ended(id, 30_000)).toMatchObject({ state: "succeed", attempt: 1 });
    expect(await logsOf(id, live)).toEqual(["awake"]);
    expect(await logsOf(id)).toEqual([...live, "awake"]);
    const describe = new DescribeTasksCommand({ cluster: CLUSTER, tasks: [task] });
    const read = async () => (await new ECSClient(running.client).send(describe)).tasks?.[0];
    const stopped = await until(read, (it) => it?.lastStatus === "STOPPED");
    expect(stopped).toMatchObject({ stopCode: "UserInitiated", containers: [{ exitCode: 0 }] });
  });

  it("for which there is no capacity is asked for again, later each time, and the execution waits", async () => {
    const { calls, cloud } = running;
    waits.length = 0;
    cloud.faults.nextTasks("refused", family, 3);
    const id = await calls.enqueue("sleepLong", [join(folder, "refused"), 0]);
    expect(await calls.ended(id, 60_000)).toMatchObject({ state: "succeed", attempt: 1 });
    expect(waits).toEqual([2, 4, 8]);
    const refused = lines.filter((it) => it.includes("Capacity is unavailable") && it.includes(id));
    expect(refused).toHaveLength(3);
  });

  it("whose image cannot be loaded is launched again, later each time, and at last the execution fails", async () => {
    const { calls, cloud } = running;
    waits.length = 0;
    cloud.faults.nextTasks("notStarted", family, 8);
    const id = await calls.enqueue("sleepLong", [join(folder, "unloaded"), 0]);
    expect(await calls.ended(id, 60_000)).toMatchObject({ state: "failed", error_code: "ER0000", attempt: 1 });
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900]);
    expect(await calls.result(id)).toMatchObject({
      name: "NotStartedError",
      message: expect.stringContaining("CannotPullContainerError") as unknown,
    });
    expect(await textOf(join(folder, "unloaded"))).toBe("");
  });
});

describeTasks("the local cloud's ECS", "sleepLong", () => {
  const facts = (part: string) =>
    running.cloud.resources.flatMap(({ type, physicalId }) => (type === part ? [physicalId] : []));
  const network = {
    subnets: facts("AWS::EC2::Subnet"),
    securityGroups: facts("AWS::EC2::SecurityGroup"),
    hasPublicIp: true,
  };
  const options = { cluster: CLUSTER, familyPrefix: "Epoque-fn-", networkOf: () => network };
  return { tasks: ecsTasks(new ECSClient(running.client), options), stop: stopTask };
});

describe("a function on Fargate with a concurrency of one", () => {
  it("runs in the order of due times, one after the other, and one task goes on with what waits", async () => {
    const { calls } = running;
    const file = join(folder, "turns");
    const first = await calls.enqueue("inTurn", [file, "a"]);
    // A task begins with what was due first of all that has arrived by then.
    await until(() => textOf(file), Boolean);
    const others = [await calls.enqueue("inTurn", [file, "b"]), await calls.enqueue("inTurn", [file, "c"])];
    for (const id of others) {
      await running.calls.until(id, (it) => it["waiting_for"] === "capacity");
    }
    await writeFile(`${file}-end`, "");
    for (const id of [first, ...others]) expect(await calls.ended(id, 60_000)).toMatchObject({ state: "succeed" });
    const turns = (await textOf(file)).trim().split("\n");
    expect(turns.map((turn) => turn.split(" ").slice(0, 2).join(" "))).toEqual([
      "begin a",
      "end a",
      "begin b",
      "end b",
      "begin c",
      "end c",
    ]);
    // Those that were parked when the first one ended needed no task of their own.
    expect(new Set(turns.map((turn) => turn.split(" ")[2])).size).toBe(1);
  });
});
