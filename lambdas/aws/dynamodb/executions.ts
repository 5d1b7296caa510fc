import { BatchWriteCommand, type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Created } from "../../core/execution.ts";
import type { Clock, Executions } from "../../core/ports.ts";
import { batchGet } from "./batch-get.ts";
import { putIf } from "./conditional-put.ts";
import { fromItem, toItem, toPostings } from "./item.ts";

export interface ExecutionsTable {
  tableName: string;
  /** How many partitions each hot index key is spread over. May grow, never shrink. */
  shards: number;
}

/** The executions in DynamoDB: key `id` + `kind`, one item for the record, one for each metadata pair. */
export function dynamoExecutions(client: DynamoDBDocumentClient, table: ExecutionsTable, clock: Clock): Executions {
  const { tableName, shards } = table;
  return {
    async create(execution) {
      await writePostings(client, tableName, execution, clock);
      const item = toItem(execution, shards);
      return (await putIf(client, tableName, item, "attribute_not_exists(id)")) ? "created" : "exists";
    },

    async get(id) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { id, kind: "execution" }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : fromItem(Item);
    },

    async getMany(ids) {
      const keys = ids.map((id) => ({ id, kind: "execution" }));
      const items = await batchGet(client, tableName, keys, clock);
      return new Map(items.map(fromItem).map((execution) => [execution.id, execution]));
    },

    async apply({ from, to }) {
      const applied = await putIf(client, tableName, toItem(to, shards), "version = :version", {
        ":version": from.version,
      });
      return applied ? "applied" : "lost";
    },
  };
}

// One batch holds all: BatchWriteItem takes 25 items, metadata 25 pairs. DynamoDB may leave some for another call.
async function writePostings(
  client: DynamoDBDocumentClient,
  tableName: string,
  execution: Created,
  clock: Clock,
): Promise<void> {
  let requests = toPostings(execution).map((Item) => ({ PutRequest: { Item } }));
  for (let tries = 0; requests.length > 0; tries++) {
    if (tries === 6) throw new Error("DynamoDB left metadata postings unwritten six times");
    if (tries > 0) await clock.sleep(25 * 2 ** tries);
    const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }));
    requests = (UnprocessedItems?.[tableName] ?? []) as typeof requests;
  }
}
