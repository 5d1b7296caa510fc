import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { RETENTION_DAYS } from "../../core/limits.ts";
import type { Attempts, Clock } from "../../core/ports.ts";
import { batchGet } from "./batch-get.ts";
import { putIf } from "./conditional-put.ts";
import { fromAttemptItem, toAttemptItem } from "./item.ts";

/** The ended attempts in DynamoDB: key `execution_id` + `number`. */
export function dynamoAttempts(
  client: DynamoDBDocumentClient,
  tableName: string,
  clock: Clock,
  retentionDays = RETENTION_DAYS,
): Attempts {
  return {
    async record(attempt) {
      const isNew = await putIf(client, {
        tableName,
        item: toAttemptItem(attempt, attempt.finishedAtMs, retentionDays),
        key: ["execution_id", "number"],
        condition: "attribute_not_exists(execution_id)",
      });
      return isNew ? "recorded" : "exists";
    },

    async keep(attempt, fromMs) {
      const Item = toAttemptItem(attempt, fromMs, retentionDays);
      await client.send(new PutCommand({ TableName: tableName, Item }));
    },

    async get(executionId, number) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { execution_id: executionId, number }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : fromAttemptItem(Item);
    },

    async getMany(executionId, numbers) {
      const keys = numbers.map((number) => ({ execution_id: executionId, number }));
      const items = await batchGet(client, tableName, keys, clock);
      return new Map(items.map(fromAttemptItem).map((attempt) => [attempt.number, attempt]));
    },
  };
}
