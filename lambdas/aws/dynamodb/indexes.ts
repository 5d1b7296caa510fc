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

type Key = Record<string, unknown>;

/**
 * The indexes of the executions table: each partition is a list of ids in order.
 * @param overduePage keys in a page of what is overdue
 */
export function dynamoIndexes(
  client: DynamoDBDocumentClient,
  { tableName, shards }: ExecutionsTable,
  overduePage = OVERDUE_PAGE,
): Indexes {
  // By partition, the last key that a reader of what is overdue was given before it left.
  const reached = new Map<string, Key>();
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

  /** Goes round: from where the last reader left to the end, and then from the front to there. */
  async function* upTo(index: "wake" | "state", partition: string, last: number | string) {
    const { sort } = indexKeys[index];
    const left = reached.get(partition);
    // DynamoDB refuses a key behind the end of the range, which it is if the clock has been set back.
    const first = left !== undefined && isBehind(left[sort], last) ? undefined : left;
    let isInFront = first === undefined;
    for (let start = first; ; ) {
      const { ids, next } = await readUpTo(index, partition, last, start);
      // As long as the reader stays it may still fail, and then nobody works on what was read.
      leaveAt(partition, next);
      if (ids.length > 0) yield ids;
      leaveAt(partition, first);
      const isRound = isInFront && first !== undefined && next !== undefined && isBehind(next[sort], first[sort]);
      if (isInFront && (next === undefined || isRound)) break;
      if (next === undefined) isInFront = true;
      start = next;
    }
    reached.delete(partition);
  }

  function leaveAt(partition: string, key: Key | undefined): void {
    if (key === undefined) reached.delete(partition);
    else reached.set(partition, key);
  }

  async function readUpTo(index: "wake" | "state", partition: string, last: number | string, start: Key | undefined) {
    const keys = indexKeys[index];
    const { Items = [], LastEvaluatedKey: next } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: index,
        KeyConditionExpression: "#partition = :partition AND #sort <= :last",
        ExpressionAttributeNames: { "#partition": keys.partition, "#sort": keys.sort },
        ExpressionAttributeValues: { ":partition": partition, ":last": last },
        ProjectionExpression: "id",
        Limit: overduePage,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    return {
      ids: Items.map((item) => item["id"] as ExecutionId | ScheduleKey | JobKey),
      next: next as Key | undefined,
    };
  }
}

// Sort keys of one index are all numbers, or all texts.
function isBehind(key: unknown, other: unknown): boolean {
  return (key as number) > (other as number);
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
