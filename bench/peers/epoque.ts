import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { toItem, toPostings } from "../../lambdas/aws/dynamodb/item.ts";
import { RETENTION_DAYS } from "../../lambdas/core/limits.ts";
import { waiting } from "../canned/executions.ts";
import { type LocalEpoque, localEpoque } from "../local-epoque.ts";
import { type NewJob, PAGE, type Peer, USERS } from "./peer.ts";

const FUNCTION = "now";
const SHARDS = 4;
const WRITERS = 8;
const ITEMS_A_BATCH = 24;
const DAY_MS = 86_400_000;

/** Epoque itself, all of it: API, Lambdas, queues and tables, on the local cloud. */
export async function startEpoque(): Promise<Peer> {
  const epoque = await localEpoque("functions");
  const ids = new Map<string, string>();
  return {
    name: "Epoque, local cloud",
    setUp:
      "Epoque: the local cloud emulates AWS's services on this machine, Lambda's processes among them, and starts one for the first of everything; nothing here says how long AWS takes.",
    async enqueue({ key, user, scheduledAtMs }: NewJob) {
      const body = {
        function_name: FUNCTION,
        metadata: { user },
        ...(scheduledAtMs !== undefined && { schedule_for: new Date(scheduledAtMs).toISOString() }),
      };
      ids.set(key, ((await epoque.call("PUT", "", body)) as { data: { id: string } }).data.id);
    },
    async began(key) {
      for (;;) {
        const result = await epoque.call("GET", `/${ids.get(key)}/results`);
        // Not yet: an answer without a number.
        if (typeof result === "number") return result;
        await sleep(20);
      }
    },
    seed: (count, untilMs) => seed(epoque, count, untilMs),
    async list(user) {
      const body = { page: { first: PAGE }, filters: { metadata: [{ key: "user", values: [user] }] } };
      return ((await epoque.call("POST", "", body)) as { data: unknown[] }).data.length;
    },
    stop: () => epoque.stop(),
  };
}

// Written past the API, as it would have written them.
async function seed({ cloud }: LocalEpoque, count: number, untilMs: number): Promise<number> {
  const { gatewayEndpoint: endpoint, region, operator: credentials } = cloud;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const table = cloud.resources.find(({ logicalId }) => logicalId.startsWith("StorageExecutions"))?.physicalId ?? "";
  const kept = { shards: SHARDS, retentionDays: RETENTION_DAYS };
  let made = 0;
  const writer = async () => {
    while (made < count && Date.now() < untilMs) {
      const first = made;
      made += Math.min(ITEMS_A_BATCH / 2, count - first);
      const items = Array.from({ length: made - first }, (_, index) => {
        const scheduledAtMs = Date.now() + DAY_MS;
        const metadata = { user: String((first + index) % USERS) };
        const one = { ...waiting(FUNCTION), metadata, scheduledAtMs, recheckAtMs: scheduledAtMs };
        return [toItem(one, kept), ...toPostings(one, kept)];
      }).flat();
      const puts = items.map((Item) => ({ PutRequest: { Item } }));
      const { UnprocessedItems } = await documents.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
      if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error("the local DynamoDB left items unwritten");
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  client.destroy();
  return made;
}
