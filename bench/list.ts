import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { assemble } from "../bin/dev/assembly.ts";
import { dynamoExecutions } from "../lambdas/aws/dynamodb/executions.ts";
import { dynamoIndexes } from "../lambdas/aws/dynamodb/indexes.ts";
import { systemClock } from "../lambdas/aws/system-clock.ts";
import type { Filters } from "../lambdas/core/filters.ts";
import { functionId } from "../lambdas/core/ids.ts";
import type { PageRequest } from "../lambdas/core/listing/page.ts";
import { type ListPorts, listExecutions } from "../lambdas/flows/list-executions.ts";
import { startCloud } from "../local/cloud.ts";
import { measuredClient, type Usage } from "./measured-client.ts";
import { PARENT, seed } from "./seed.ts";

// What a page of 50 costs, on DynamoDB Local, whose capacity figures include the indexes: node bench/list.ts [counts …]

const SHARDS = 4;
const pair = (key: string, value: string) => ({ key, values: [value] });
const scenarios: Record<string, Filters> = {
  "no filter": {},
  "one function": { functionIds: [functionId("function3")] },
  "state failed (1 in 1,000)": { states: ["failed"] },
  "a common and a rare pair": { metadata: [pair("plan", "free"), pair("user", "4")] },
  "two common pairs, rarely together": { metadata: [pair("even", "yes"), pair("odd", "yes")] },
  "executed by": { executedBy: PARENT },
  "function and state": { functionIds: [functionId("function0")], states: ["failed"] },
  "no index: state succeed": { states: ["succeed"] },
  "no index: scheduled in an hour of long ago": { scheduledAt: { fromMs: 1_700_000_000_000, toMs: 1_700_003_600_000 } },
};

const { positionals } = parseArgs({ allowPositionals: true });
const counts = (positionals.length > 0 ? positionals : ["1000", "10000", "100000"]).map(Number).sort((a, b) => a - b);
const directory = await mkdtemp(join(tmpdir(), "epoque-bench-"));
const assembly = await assemble("defer", directory);
const cloud = await startCloud({ assembly: assembly.directory, port: 0, dynamodb: "local", onLog: () => {} });
try {
  const table = cloud.resources.find(({ logicalId }) => logicalId.startsWith("StorageExecutions"))?.physicalId ?? "";
  const { doorEndpoint: endpoint, region, operator: credentials } = cloud;
  const { documents, usage } = measuredClient(new DynamoDBClient({ endpoint, region, credentials }));
  const ports = {
    executions: dynamoExecutions(documents, { tableName: table, shards: SHARDS }, systemClock),
    indexes: dynamoIndexes(documents, { tableName: table, shards: SHARDS }),
  };
  let seeded = 0;
  for (const count of counts) {
    const begin = performance.now();
    await seed(documents, table, SHARDS, seeded, count);
    console.log(
      `\n${count} executions (${count - seeded} written in ${Math.round((performance.now() - begin) / 1000)} s)`,
    );
    seeded = count;
    console.log(`${"page of 50".padEnd(44)}requests   items   read units   found   ms`);
    for (const [name, filters] of Object.entries(scenarios)) {
      console.log(line(name, await page(ports, usage, filters, { direction: "newestFirst", limit: 50 })));
    }
    await printSecondPage(ports, usage);
  }
} finally {
  await cloud.stop();
  await rm(directory, { recursive: true });
}

interface Measured extends Usage {
  found: number;
  ms: number;
}

async function page(ports: ListPorts, usage: Usage, filters: Filters, request: PageRequest): Promise<Measured> {
  // The first call of a kind pays for connections.
  await listExecutions(ports, filters, request);
  Object.assign(usage, { requests: 0, items: 0, units: 0 });
  const begin = performance.now();
  const { items } = await listExecutions(ports, filters, request);
  return { ...usage, found: items.length, ms: performance.now() - begin };
}

async function printSecondPage(ports: ListPorts, usage: Usage): Promise<void> {
  const first = await listExecutions(ports, {}, { direction: "newestFirst", limit: 50 });
  const request = { direction: "newestFirst", limit: 50, cursor: first.end } as const;
  console.log(line("no filter, the page after", await page(ports, usage, {}, request)));
}

function line(name: string, { requests, items, units, found, ms }: Measured): string {
  const columns = [requests, items, units.toFixed(1), found, ms.toFixed(0)].map(String);
  return `${name.padEnd(44)}${columns.map((text, index) => text.padStart([8, 8, 13, 8, 5][index] ?? 0)).join("")}`;
}
