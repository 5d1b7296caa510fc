import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { aCloud, type RunningCloud } from "../harness/a-cloud.ts";
import { memoryPorts } from "../harness/memory/memory-ports.ts";
import { createSystem, START_MS } from "../harness/simulation/system.ts";
import { batchWrite } from "../lambdas/aws/dynamodb/batch-write.ts";
import { dynamoExecutions } from "../lambdas/aws/dynamodb/executions.ts";
import { dynamoSchedules, toItem } from "../lambdas/aws/dynamodb/schedules.ts";
import { systemClock as clock } from "../lambdas/aws/system-clock.ts";
import { functionId, newScheduleId } from "../lambdas/core/ids.ts";
import { executionIdOf, newSchedule, type Schedule } from "../lambdas/core/schedules/schedule.ts";
import { accept, newExecution } from "../lambdas/flows/accept.ts";
import { listSchedules, type ScheduleFilters } from "../lambdas/flows/list-schedules.ts";
import { makeTicks } from "../lambdas/flows/make-ticks.ts";
import { sendTick } from "../lambdas/flows/send-tick.ts";
import { type Bench, distribution, type Figure } from "./figure.ts";
import { inParallel } from "./in-parallel.ts";
import { measureLateness } from "./measure-lateness.ts";
import { measuredClient, type Usage } from "./measured-client.ts";

const SHARDS = 4;
const COUNTS = [1_000, 10_000, 100_000];
const BURST = 1_000;
const FULL_BURST = 10_000;
const CALLS_AT_ONCE = 8;
/** How many messages a simulated standard queue has handled at once. */
const RUNNERS = 50;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

/** Measures the cost of a tick, of a page of 100,000 schedules, and the lateness of many ticks at once. */
export const bench: Bench = async ({ full }) => ({
  figures: [...(await costs()), ...(await atNine()), ...(await burst(full ? FULL_BURST : BURST))],
  notes: [
    "Cost: the flows on DynamoDB Local, of which an hourly schedule makes one tick; the plain execution has the same arguments and metadata.",
    "Pages of 50 by name; one schedule in 100 is paused, one in 20 is of the function that is filtered by.",
    `At 09:00, simulated: one call of a service takes a millisecond, and the function has ${RUNNERS} runners, each busy for 0.1 s. Ahead: executions that were written before their tick.`,
    "Burst: schedules that tick in the same second, in the local cloud. Beside it as many plain executions that are due in the same second: what is late there is late for the function's capacity.",
  ],
});

async function costs(): Promise<Figure[]> {
  await using running = await aCloud({ dynamodb: "local" });
  const { documents, usage } = measuredClient(new DynamoDBClient(running.client));
  const tableName = tableOf(running);
  const figures = await costOfTick(documents, tableName, usage);
  const schedules = dynamoSchedules(documents, { tableName, shards: SHARDS }, clock);
  let seeded = 0;
  for (const count of COUNTS) {
    const items = Array.from({ length: count - seeded }, (_, index) => toItem(numbered(seeded + index), SHARDS));
    const batches = Array.from({ length: Math.ceil(items.length / 100) }, (_, at) =>
      items.slice(at * 100, at * 100 + 100),
    );
    await inParallel(batches.length, 4, async (at) => batchWrite(documents, tableName, batches[at] ?? [], clock));
    seeded = count;
    const ports = { schedules, functions: memoryPorts().functions };
    const pages: Record<string, ScheduleFilters> = {
      "no filter": {},
      prefix: { prefix: "customer-0005" },
      "one function": { functionIds: [functionId("function3")] },
      paused: { isPaused: true },
    };
    for (const [name, filters] of Object.entries(pages)) {
      const row = `${count.toLocaleString("en-US")} schedules: ${name}`;
      figures.push(...(await page(ports, filters, usage)).map((it) => ({ ...it, row })));
    }
  }
  return figures;
}

async function costOfTick(documents: DynamoDBDocumentClient, tableName: string, usage: Usage): Promise<Figure[]> {
  const ports = {
    ...memoryPorts(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS - 5 * SECOND_MS),
    executions: dynamoExecutions(documents, { tableName, shards: SHARDS }, clock),
    schedules: dynamoSchedules(documents, { tableName, shards: SHARDS }, clock),
  };
  const deployed = ports.functions.get("importContacts");
  if (deployed === undefined) throw new Error("importContacts is not deployed");
  const nowMs = ports.clock.now();
  const every = { ticks: { rule: { everySeconds: 3_600, anchorMs: 0 } }, functionName: "importContacts" };
  const schedule = scheduleOf("hourly", nowMs - SECOND_MS, { ...every, functionId: deployed.id });
  await ports.schedules.create(schedule);
  reset(usage);
  const id = executionIdOf({ ...schedule, revision: 99 }, nowMs);
  const { metadata, arguments: stored } = schedule;
  await accept(ports, deployed, {
    ...(await newExecution(ports, deployed, { id, nowMs })),
    metadata,
    arguments: stored,
  });
  const plain = { ...usage };
  reset(usage);
  const { id: scheduleId, revision, functionId: own, ticks, nextAtMs: tickMs = 0 } = schedule;
  await makeTicks(ports, { schedule: schedule.name, scheduleId, revision, functionId: own, ticks, tickMs });
  const counted = (name: string, value: number): Figure => ({ name, unit: "units", value, n: 1 });
  return [
    counted("a plain execution is created: write", plain.writeUnits),
    counted("a tick: write", usage.writeUnits),
    counted("a tick, above an execution's own: write", usage.writeUnits - plain.writeUnits),
    counted("a tick: read", usage.units - usage.writeUnits),
  ];
}

async function page(ports: Parameters<typeof listSchedules>[0], filters: ScheduleFilters, usage: Usage) {
  const request = { direction: "oldestFirst", limit: 50 } as const;
  await listSchedules(ports, filters, request);
  const ms: number[] = [];
  let found = 0;
  for (let time = 0; time < 5; time++) {
    reset(usage);
    const begin = performance.now();
    found = (await listSchedules(ports, filters, request)).items.length;
    ms.push(performance.now() - begin);
  }
  return [
    { name: "requests", unit: "", value: usage.requests, n: 1 },
    { name: "read units", unit: "", value: usage.units, n: 1 },
    { name: "found", unit: "", value: found, n: 1 },
    distribution("time", "ms", ms),
  ];
}

/** Schedule number `index`, of one of 20 functions. */
function numbered(index: number): Schedule {
  const functionName = `function${index % 20}`;
  const more = { functionName, functionId: functionId(functionName), isPaused: index % 100 === 50 };
  return scheduleOf(`customer-${String(index).padStart(6, "0")}`, Date.now(), more);
}

function scheduleOf(name: string, nowMs: number, more: Partial<Schedule>): Schedule {
  const id = newScheduleId(nowMs, crypto.getRandomValues(new Uint8Array(16)));
  const definition = {
    functionName: "importContacts",
    functionId: functionId("importContacts"),
    arguments: { inline: '["ada@example.com"]' },
    argumentsKey: `arguments/importContacts/${id}.json`,
    metadata: { customer: name },
    ticks: { rule: { cron: "0 9 * * *", timezone: "Europe/Paris" } },
    jitterSeconds: 0,
    overlap: "allow" as const,
    catchUp: "latest" as const,
    fingerprint: "x".repeat(43),
    ...more,
  };
  return { ...newSchedule(definition, { name, id, nowMs }), ...more };
}

async function atNine(): Promise<Figure[]> {
  const system = createSystem();
  const nineMs = START_MS + HOUR_MS;
  const ticks = { rule: { everySeconds: 86_400, anchorMs: nineMs }, endsAtMs: nineMs };
  for (let index = 0; index < FULL_BURST; index++) {
    void system.api(async (ports) => {
      const more = { ticks, arguments: { inline: '[{"ms":100}]' }, metadata: {} };
      const schedule = scheduleOf(`at-nine-${index}`, ports.clock.now(), more);
      await ports.schedules.create(schedule);
      await sendTick(ports, schedule);
    });
  }
  await system.wait(HOUR_MS + 120 * SECOND_MS);
  const made = [...system.records.values()];
  const lateMs = made.map((it) => ("startedAtMs" in it ? (it.startedAtMs ?? 0) : Infinity) - nineMs);
  const ahead = made.filter(({ createdAtMs }) => createdAtMs < nineMs).length;
  return [
    { name: "at 09:00: written ahead", unit: "executions", value: ahead, n: made.length },
    distribution("at 09:00: start after the tick", "ms", lateMs),
    {
      name: "at 09:00: the last start that the function's capacity allows",
      unit: "ms",
      value: (FULL_BURST / RUNNERS - 1) * 100,
      n: 1,
    },
  ];
}

async function burst(count: number): Promise<Figure[]> {
  await using running = await aCloud({ functions: "bench/functions", dynamodb: "dynalite" });
  const many = count.toLocaleString("en-US");
  await measureLateness(running, await plain(running, 20, Date.now()));
  const tickMs = soonAfter(count);
  const ids = await inParallel(count, CALLS_AT_ONCE, async (index) => {
    const { data } = (await running.calls.send("PUT", `/../schedules/burst-${index}`, {
      function_name: "nothing",
      cron: cronOf(tickMs),
    })) as { data: { id: string; function_id: string } };
    return executionIdOf({ id: data.id, revision: 0, functionId: data.function_id }, tickMs);
  });
  const sinceMs = tickMs - Date.now();
  const ticked = await measureLateness(running, ids);
  const scheduledMs = soonAfter(count);
  const others = await measureLateness(running, await plain(running, count, scheduledMs));
  return [
    { name: `${many} schedules were made before their tick by`, unit: "ms", value: sinceMs, n: 1 },
    distribution(`${many} schedules that tick in the same second: start after the tick`, "ms", ticked),
    distribution(`${many} plain executions due in the same second: start after it`, "ms", others),
    { name: "starts of ticks", unit: "/s", value: (count / Math.max(...ticked)) * SECOND_MS, n: count },
    { name: "starts of plain executions", unit: "/s", value: (count / Math.max(...others)) * SECOND_MS, n: count },
  ];
}

function plain({ calls }: RunningCloud, count: number, scheduledMs: number): Promise<string[]> {
  const more = { schedule_for: new Date(scheduledMs).toISOString() };
  return inParallel(count, CALLS_AT_ONCE, () => calls.enqueue("nothing", [], more));
}

// A whole second, when all of them can have been asked for.
function soonAfter(count: number): number {
  return Math.ceil(Date.now() / SECOND_MS + 15 + count / 30) * SECOND_MS;
}

function cronOf(ms: number): string {
  const at = new Date(ms);
  return `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
}

function tableOf({ cloud }: RunningCloud): string {
  return cloud.resources.find(({ logicalId }) => logicalId.startsWith("StorageExecutions"))?.physicalId ?? "";
}

function reset(usage: Usage): void {
  Object.assign(usage, { requests: 0, items: 0, units: 0, writeUnits: 0 });
}
