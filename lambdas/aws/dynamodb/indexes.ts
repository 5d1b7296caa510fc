import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { FRESH_MS } from "../../core/execution.ts";
import { behindIdsUntil, type ExecutionId } from "../../core/ids.ts";
import type { JobKey } from "../../core/jobs/key.ts";
import type { Partition } from "../../core/listing/plan.ts";
import type { Range } from "../../core/listing/union.ts";
import type { Indexes } from "../../core/ports.ts";
import type { ScheduleKey } from "../../core/schedules/key.ts";
import type { ExecutionsTable } from "./executions.ts";
import { freshShard, functionShard, indexKeys, postingShard, stateShard, wakeShard } from "./key-schema.ts";

/**
 * Keys in a page of what is overdue, of 78 bytes each: a page may have 1 MB. DynamoDB Local takes half a second for so
 * many, and without a limit reads all that a query matches, for each page.
 */
const OVERDUE_PAGE = 5_000;

/** The indexes of the executions table: each partition is a list of ids in order. */
export function dynamoIndexes(client: DynamoDBDocumentClient, { tableName, shards }: ExecutionsTable): Indexes {
  // By partition, the last key that was read of what is overdue, unless that was all.
  const reached = new Map<string, Record<string, unknown>>();
  return {
    shards,
    async read(partition, range) {
      const { low, high } = bounds(range);
      // DynamoDB refuses a range whose ends are the wrong way round.
      if (low !== undefined && high !== undefined && low > high) return { keys: [], isEnd: true };
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: partition.index,
          KeyConditionExpression: `#partition = :partition${condition(low, high)}`,
          ExpressionAttributeNames: { "#partition": indexKeys[partition.index].partition },
          ExpressionAttributeValues: {
            ":partition": keyOf(partition),
            ...(low !== undefined && { ":low": low }),
            ...(high !== undefined && { ":high": high }),
          },
          ScanIndexForward: range.direction === "oldestFirst",
          Limit: range.limit,
        }),
      );
      return { keys: Items.map((item) => item["id"] as ExecutionId), isEnd: LastEvaluatedKey === undefined };
    },

    async *overdue({ shard, part }, nowMs) {
      if (part === "timed" || part === "waiting") yield* upTo("wake", wakeShard(shard, part), nowMs);
      else yield* upTo("state", freshShard(part, shard), behindIdsUntil(nowMs - FRESH_MS));
    },
  };

  async function* upTo(index: "wake" | "state", partition: string, last: number | string) {
    const keys = indexKeys[index];
    let start = reached.get(partition);
    try {
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: index,
            KeyConditionExpression: "#partition = :partition AND #sort <= :last",
            ExpressionAttributeNames: { "#partition": keys.partition, "#sort": keys.sort },
            ExpressionAttributeValues: { ":partition": partition, ":last": last },
            ProjectionExpression: "id",
            Limit: OVERDUE_PAGE,
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        start = LastEvaluatedKey;
        if (Items.length > 0) yield Items.map((item) => item["id"] as ExecutionId | ScheduleKey | JobKey);
      } while (start !== undefined);
    } finally {
      if (start === undefined) reached.delete(partition);
      else reached.set(partition, start);
    }
  }
}

function keyOf(partition: Partition): string {
  switch (partition.index) {
    case "all":
      return String(partition.shard);
    case "function":
      return functionShard(partition.functionId, partition.shard);
    case "state":
      return (partition.isFresh ? freshShard : stateShard)(partition.state, partition.shard);
    case "executedBy":
      return partition.executedBy;
    case "metadata":
      return postingShard(partition.key, partition.value, partition.shard);
  }
}

function bounds({ direction, from, to }: Range): { low: string | undefined; high: string | undefined } {
  return direction === "oldestFirst" ? { low: from, high: to } : { low: to, high: from };
}

// "id" is the sort key of every index that lists are made from.
function condition(low: string | undefined, high: string | undefined): string {
  if (low !== undefined && high !== undefined) return " AND id BETWEEN :low AND :high";
  if (low !== undefined) return " AND id >= :low";
  return high === undefined ? "" : " AND id <= :high";
}
