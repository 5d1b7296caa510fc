import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { ERROR_FINGERPRINT } from "../../core/execution.ts";
import { BUCKET_KEPT_HOURS, HOUR_MS, hourOf } from "../../core/failures/group.ts";
import { shardOf } from "../../core/ids.ts";
import { RETENTION_DAYS } from "../../core/limits.ts";
import type { FailureCounter } from "../../core/ports.ts";
import type { ExecutionsTable } from "./executions.ts";
import { type Item, toPosting } from "./item.ts";
import { failureKey, indexKeys, seenShard } from "./key-schema.ts";

/**
 * Counts failures in buckets of an hour, function and kind, spread over shards like the executions: so a storm of one
 * kind meets no limit that its executions do not meet.
 * @param connect makes a client that tries once only, when the first failure is counted: no failure slows anybody
 */
export function dynamoFailureCounter(connect: () => DynamoDBDocumentClient, table: ExecutionsTable): FailureCounter {
  const { tableName, shards, retentionDays = RETENTION_DAYS } = table;
  let client: DynamoDBDocumentClient | undefined;
  return {
    async count({ fingerprint, executionId, atMs, ...about }) {
      const shard = shardOf(executionId, shards);
      const hour = hourOf(atMs);
      const posting = { of: "service", key: ERROR_FINGERPRINT, value: fingerprint } as const;
      const attributes: Item = {
        last_at: atMs,
        sample: executionId,
        about,
        [indexKeys.all.partition]: seenShard(hour, shard),
        expires_at: (hour + BUCKET_KEPT_HOURS) * (HOUR_MS / 1000),
      };
      const names = Object.keys(attributes);
      client ??= connect();
      await Promise.all([
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: toPosting(executionId, posting, atMs, { shards, retentionDays }),
          }),
        ),
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: failureKey(fingerprint, shard, hour),
            UpdateExpression:
              `ADD #count :one SET first_at = if_not_exists(first_at, :last_at), ` +
              names.map((name) => `#${name} = :${name}`).join(", "),
            ExpressionAttributeNames: {
              "#count": "count",
              ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
            },
            ExpressionAttributeValues: {
              ":one": 1,
              ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
            },
          }),
        ),
      ]);
    },
  };
}
