import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { ExecutionId } from "../../core/ids.ts";
import { RETENTION_DAYS } from "../../core/limits.ts";
import type { Clock, Executions } from "../../core/ports.ts";
import { batchGet } from "./batch-get.ts";
import { batchWrite } from "./batch-write.ts";
import { putIf } from "./conditional-put.ts";
import { fromItem, toItem, toPostings } from "./item.ts";
import { recordKey } from "./key-schema.ts";

export interface ExecutionsTable {
  tableName: string;
  /** How many partitions each hot index key is spread over. May grow, never shrink. */
  shards: number;
  /** How long after its end an execution can be found. */
  retentionDays?: number;
}

/** The executions in DynamoDB: key `id` + `kind`, one item for the record, one for each metadata pair. */
export function dynamoExecutions(client: DynamoDBDocumentClient, table: ExecutionsTable, clock: Clock): Executions {
  const { tableName, shards, retentionDays = RETENTION_DAYS } = table;
  const kept = { shards, retentionDays };
  const key = ["id", "kind"];
  return {
    async create(execution) {
      for (const error of (await batchWrite(client, tableName, toPostings(execution, kept), clock)).values())
        throw error;
      const item = toItem(execution, kept);
      const isNew = await putIf(client, { tableName, item, key, condition: "attribute_not_exists(id)" });
      return isNew ? "created" : "exists";
    },

    async createMany(executions) {
      const failed = new Map<ExecutionId, unknown>();
      for (const toItems of [toPostings, (...args: Parameters<typeof toItem>) => [toItem(...args)]]) {
        const items = executions.filter(({ id }) => !failed.has(id)).flatMap((execution) => toItems(execution, kept));
        for (const [item, error] of await batchWrite(client, tableName, items, clock)) {
          failed.set(item["id"] as ExecutionId, error);
        }
      }
      return failed;
    },

    async get(id) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: recordKey(id), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : fromItem(Item);
    },

    async getMany(ids) {
      // DynamoDB refuses a request that names a key twice.
      const keys = [...new Set(ids)].map(recordKey);
      const items = await batchGet(client, tableName, keys, clock);
      const executions = items.map(fromItem).filter((execution) => execution !== undefined);
      return new Map(executions.map((execution) => [execution.id, execution]));
    },

    async apply({ from, to, keepsLonger }) {
      // First, as when it was created: postings that last too long do no harm. One by one, since the runner may no
      // more.
      if (keepsLonger) {
        const puts = toPostings(to, kept).map((Item) => new PutCommand({ TableName: tableName, Item }));
        await Promise.all(puts.map((put) => client.send(put)));
      }
      const applied = await putIf(client, {
        tableName,
        item: toItem(to, kept),
        key,
        condition: "version = :version",
        values: { ":version": from.version },
      });
      return applied ? "applied" : "lost";
    },
  };
}
