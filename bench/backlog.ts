import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { aCloud } from "../harness/a-cloud.ts";
import { aCreated, aNewId, aStarted } from "../harness/an-execution.ts";
import { memoryPorts } from "../harness/memory/memory-ports.ts";
import { batchWrite } from "../lambdas/aws/dynamodb/batch-write.ts";
import { dynamoExecutions } from "../lambdas/aws/dynamodb/executions.ts";
import { dynamoIndexes } from "../lambdas/aws/dynamodb/indexes.ts";
import { toItem } from "../lambdas/aws/dynamodb/item.ts";
import { systemClock } from "../lambdas/aws/system-clock.ts";
import { type DeployedFunction, functionCatalog } from "../lambdas/core/functions.ts";
import { type ExecutionId, functionId } from "../lambdas/core/ids.ts";
import { RETENTION_DAYS } from "../lambdas/core/limits.ts";
import { type SweepReport, sweep } from "../lambdas/flows/sweep.ts";
import type { Bench, Figure } from "./figure.ts";
import { inParallel } from "./in-parallel.ts";
import { measuredClient, type Usage } from "./measured-client.ts";
import { dollars } from "./prices.ts";

const SHARDS = 4;
const COUNT = 20_000;
const FULL_COUNT = 1_000_000;
const SWEEPS = 6;
const AT_ONCE = 4;
const PER_REQUEST = 100;
const MINUTE_MS = 60_000;
/** How long a sweep may begin something, as its handler says. */
const SWEEP_MS = 30_000;

/**
 * Sweeps while very many executions of one function wait, all of them overdue, and other functions have lost something.
 */
export const bench: Bench = async ({ full }) => {
  await using running = await aCloud({ dynamodb: "local" });
  const { documents, usage } = measuredClient(new DynamoDBClient(running.client));
  const { cloud } = running;
  const tableName =
    cloud.resources.find(({ logicalId }) => logicalId.startsWith("StorageExecutions"))?.physicalId ?? "";
  const table = { tableName, shards: SHARDS };
  const count = full ? FULL_COUNT : COUNT;
  // Overdue by the time that the first sweep begins.
  const dueMs = Date.now() - MINUTE_MS;
  await seed(documents, tableName, count, dueMs);

  let aheadMs = 0;
  const clock = { now: () => Date.now() + aheadMs, sleep: systemClock.sleep };
  const executions = dynamoExecutions(documents, table, clock);
  const memory = memoryPorts();
  const [crowded, lostWorker, lostMessage] = ["crowded", "lostWorker", "lostMessage"].map(
    (name): DeployedFunction => ({ ...like(memory), name, id: functionId(name) }),
  ) as [DeployedFunction, DeployedFunction, DeployedFunction];
  const worker = aStarted(ofFunction(lostWorker, dueMs, { leaseUntilMs: dueMs }));
  const message = aCreated(ofFunction(lostMessage, dueMs, { recheckAtMs: dueMs }));
  await executions.create(message);
  await batchWrite(documents, tableName, [toItem(worker, { ...table, retentionDays: RETENTION_DAYS })], clock);
  const sent = new Map<ExecutionId, number>();
  const ports = {
    ...memory,
    clock,
    executions,
    functions: new Map(functionCatalog([crowded, lostWorker, lostMessage])),
    indexes: dynamoIndexes(documents, table),
    dispatcher: {
      ...memory.dispatcher,
      backlog: async (name: string) => ({ waiting: name === crowded.name ? count : 0, taken: 0 }),
      // The first time counts: until somebody runs it, it is sent again and again.
      toFunction: async ({ executionId }: { executionId: ExecutionId }) => {
        if (!sent.has(executionId)) sent.set(executionId, clock.now());
      },
    },
    // DynamoDB Local may be slow: the next sweep tries again, as it would on AWS.
    onError: (problem: string, _: object | undefined, error: unknown) => console.error(problem, error),
  };
  const figures: Figure[] = [];
  const name = count.toLocaleString("en-US");
  const beganAtMs = clock.now();
  let workerSeenMs: number | undefined;
  for (let number = 1; number <= SWEEPS; number++) {
    Object.assign(usage, { requests: 0, items: 0, units: 0, writeUnits: 0 });
    const sweepBeganMs = clock.now();
    const report = await sweep(ports, sweepBeganMs + SWEEP_MS);
    const seconds = (clock.now() - sweepBeganMs) / 1_000;
    if (workerSeenMs === undefined && (await executions.get(worker.id))?.state !== "started")
      workerSeenMs = clock.now();
    figures.push(...columns(`${name} wait: sweep ${number}`, seconds, usage, report));
    aheadMs += Math.max(0, MINUTE_MS - seconds * 1_000);
  }
  const after = (what: string, atMs: number | undefined): Figure => ({
    name: what,
    unit: "s",
    value: ((atMs ?? Infinity) - beganAtMs) / 1_000,
    n: 1,
  });
  return {
    figures: [
      ...figures,
      after("the lost worker of another function is seen after", workerSeenMs),
      after("the lost message of another function is sent again after", sent.get(message.id)),
    ],
    notes: [
      "All that waits is overdue and not known to wait yet: the worst that a sweep meets. Its queue says that messages are in it.",
      "A sweep begins nothing more after 30 s, of this machine; on AWS that is other. Units and requests are those of AWS, of one sweep a minute.",
      "After: from the beginning of the first sweep, which is up to a minute after a lease and its grace have ended, or after the time of a recheck.",
    ],
  };
};

function like({ functions }: ReturnType<typeof memoryPorts>): DeployedFunction {
  const known = functions.get("importContacts");
  if (known === undefined) throw new Error("importContacts is not deployed");
  return known;
}

function ofFunction<More extends object>(
  { name, id: functionId }: Pick<DeployedFunction, "name" | "id">,
  atMs: number,
  more: More,
) {
  const times = { createdAtMs: atMs, attemptCreatedAtMs: atMs, updatedAtMs: atMs, scheduledAtMs: atMs };
  return { id: aNewId(atMs, name), functionName: name, functionId, ...times, metadata: {}, ...more };
}

async function seed(documents: DynamoDBDocumentClient, tableName: string, count: number, dueMs: number): Promise<void> {
  const crowded = { name: "crowded", id: functionId("crowded") };
  const kept = { shards: SHARDS, retentionDays: RETENTION_DAYS };
  await inParallel(Math.ceil(count / PER_REQUEST), AT_ONCE, async () => {
    const items = Array.from({ length: PER_REQUEST }, () =>
      toItem(aCreated(ofFunction(crowded, dueMs, { recheckAtMs: dueMs })), kept),
    );
    const failed = await batchWrite(documents, tableName, items, systemClock);
    if (failed.size > 0) throw new Error("not seeded", { cause: [...failed.values()][0] });
  });
}

function columns(row: string, seconds: number, usage: Usage, report: SweepReport): Figure[] {
  const { requests, units, writeUnits } = usage;
  const readUnits = units - writeUnits;
  const counted = {
    requests,
    "read units": readUnits,
    "write units": writeUnits,
    errors: report.errors,
    "looked at": report.waiting + report.waitingLong + report.sentAgain + report.lost,
    dollars: dollars({ readUnits, writeUnits }),
    "cut short": report.isCutShort ? 1 : 0,
  };
  return [
    { row, name: "time", unit: "s", value: seconds, n: 1 },
    ...Object.entries(counted).map(([name, value]) => ({ row, name, unit: "", value, n: 1 })),
  ];
}
