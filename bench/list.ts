import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { aCloud } from "../harness/a-cloud.ts";
import { dynamoExecutions } from "../lambdas/aws/dynamodb/executions.ts";
import { dynamoIndexes } from "../lambdas/aws/dynamodb/indexes.ts";
import { systemClock } from "../lambdas/aws/system-clock.ts";
import type { Filters } from "../lambdas/core/filters.ts";
import { functionId } from "../lambdas/core/ids.ts";
import type { PageRequest } from "../lambdas/core/listing/page.ts";
import { type ListPorts, listExecutions } from "../lambdas/flows/list-executions.ts";
import { type Bench, distribution, type Figure } from "./figure.ts";
import { measuredClient, type Usage } from "./measured-client.ts";
import { KIND_OF_FAILURE, PARENT, seed } from "./seed.ts";

const SHARDS = 4;
const TIMES = 9;
const COUNTS = [1_000, 10_000, 100_000];
const FULL_COUNT = 1_000_000;

const pair = (key: string, value: string) => ({ key, values: [value] });
const hour = (fromMs: number) => ({ fromMs, toMs: fromMs + 3_600_000 });
const scenarios: Record<string, Filters> = {
  "no filter": {},
  "one function": { functionIds: [functionId("function3")] },
  "state failed (1 in 1,000)": { states: ["failed"] },
  "one kind of failures (1 in 10,000)": { errorFingerprint: KIND_OF_FAILURE },
  "a common and a rare pair": { metadata: [pair("plan", "free"), pair("user", "4")] },
  "two common pairs, rarely together": { metadata: [pair("even", "yes"), pair("odd", "yes")] },
  "executed by": { executedBy: PARENT },
  "function and state": { functionIds: [functionId("function0")], states: ["failed"] },
  "no index: state succeed": { states: ["succeed"] },
  "no index: scheduled in an hour of long ago": { scheduledAt: hour(1_700_000_000_000) },
};
const firstPage: PageRequest = { direction: "newestFirst", limit: 50 };

/** Measures the cost of a page of 50 as the number of executions grows. */
export const bench: Bench = async ({ full }) => {
  await using running = await aCloud({ dynamodb: "local" });
  const { cloud, client } = running;
  const table = cloud.resources.find(({ logicalId }) => logicalId.startsWith("StorageExecutions"))?.physicalId ?? "";
  const { documents, usage } = measuredClient(new DynamoDBClient(client));
  const ports = {
    executions: dynamoExecutions(documents, { tableName: table, shards: SHARDS }, systemClock),
    indexes: dynamoIndexes(documents, { tableName: table, shards: SHARDS }),
  };
  const figures: Figure[] = [];
  const unitsBefore = new Map<string, number>();
  let seeded = 0;
  for (const count of full ? [...COUNTS, FULL_COUNT] : COUNTS) {
    await seed(documents, table, SHARDS, seeded, count);
    seeded = count;
    const { end } = await listExecutions(ports, {}, firstPage);
    const pages = Object.entries(scenarios).map(([name, filters]) => ({ name, filters, request: firstPage }));
    pages.splice(1, 0, { name: "no filter, the page after", filters: {}, request: { ...firstPage, cursor: end } });
    for (const { name, filters, request } of pages) {
      const measured = await page(ports, usage, filters, request);
      figures.push(...columns(`${count.toLocaleString("en-US")}: ${name}`, measured, unitsBefore.get(name)));
      unitsBefore.set(name, measured.units);
    }
  }
  return {
    figures,
    notes: [
      `Pages of 50, newest first, on DynamoDB Local; each asked for twice before it is measured ${TIMES} times.`,
      "Requests, items and read units are those of one page. Growth: read units against those at the step before.",
      "Items: those that an index query passes and those fetched. The API and its Lambda are left out.",
    ],
  };
};

interface Measured extends Usage {
  found: number;
  ms: number[];
}

async function page(ports: ListPorts, usage: Usage, filters: Filters, request: PageRequest): Promise<Measured> {
  await listExecutions(ports, filters, request);
  Object.assign(usage, { requests: 0, items: 0, units: 0, writeUnits: 0 });
  const { items } = await listExecutions(ports, filters, request);
  const one = { ...usage, found: items.length };
  const ms: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const begin = performance.now();
    await listExecutions(ports, filters, request);
    ms.push(performance.now() - begin);
  }
  return { ...one, ms };
}

function columns(row: string, { requests, items, units, found, ms }: Measured, unitsBefore?: number): Figure[] {
  const counted = { requests, items, "read units": units, found };
  return [
    ...Object.entries(counted).map(([name, value]) => ({ row, name, unit: "", value, n: 1 })),
    ...(unitsBefore ? [{ row, name: "growth", unit: "×", value: units / unitsBefore, n: 1 }] : []),
    { row, ...distribution("time", "ms", ms) },
  ];
}
