import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Range } from "../../core/listing/union.ts";
import type { Clock, SchedulePartition, Schedules } from "../../core/ports.ts";
import { nameOfSchedule, scheduleKey } from "../../core/schedules/key.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { batchGet } from "./batch-get.ts";
import { putIf } from "./conditional-put.ts";
import type { ExecutionsTable } from "./executions.ts";
import type { Item } from "./item.ts";
import { indexKeys, scheduleShard, schedulesKey, wakeShard } from "./key-schema.ts";

/** The schedules made at run time, beside the executions in their table: one item each. */
export function dynamoSchedules(
  client: DynamoDBDocumentClient,
  { tableName, shards }: Pick<ExecutionsTable, "tableName" | "shards">,
  clock: Clock,
): Schedules {
  const key = ["id", "kind"];
  return {
    shards,

    async get(name) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: schedulesKey(name), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : fromItem(Item);
    },

    async getMany(names) {
      const items = await batchGet(client, tableName, names.map(schedulesKey), clock);
      return new Map(items.map(fromItem).map((schedule) => [schedule.name, schedule]));
    },

    async create(schedule) {
      const item = toItem(schedule, shards);
      const isNew = await putIf(client, { tableName, item, key, condition: "attribute_not_exists(id)" });
      return isNew ? "created" : "exists";
    },

    async apply({ from, to }) {
      const applied = await putIf(client, {
        tableName,
        item: toItem(to, shards),
        key,
        condition: "schedule_id = :id AND version = :version",
        values: { ":id": from.id, ":version": from.version },
      });
      return applied ? "applied" : "lost";
    },

    async remove({ name, id, version }) {
      try {
        await client.send(
          new DeleteCommand({
            TableName: tableName,
            Key: schedulesKey(name),
            ConditionExpression: "schedule_id = :id AND version = :version",
            ExpressionAttributeValues: { ":id": id, ":version": version },
          }),
        );
        return "removed";
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return "lost";
      }
    },

    async read(partition, range) {
      const { low, high } = bounds(range);
      if (low > high) return { keys: [], isEnd: true };
      const index = partition.functionId === undefined ? "all" : "function";
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: index,
          KeyConditionExpression: "#partition = :partition AND id BETWEEN :low AND :high",
          ExpressionAttributeNames: { "#partition": indexKeys[index].partition },
          ExpressionAttributeValues: { ":partition": partitionOf(partition), ":low": low, ":high": high },
          ScanIndexForward: range.direction === "oldestFirst",
          Limit: range.limit,
        }),
      );
      return { keys: Items.map(({ id }) => nameOfSchedule(id as string) ?? ""), isEnd: LastEvaluatedKey === undefined };
    },
  };
}

/** The item of a schedule. */
export function toItem(schedule: Schedule, shards: number): Item {
  const { name, id, version, recheckAtMs, metadata, ...rest } = schedule;
  const shard = shardOf(id, shards);
  return {
    ...schedulesKey(name),
    schedule_id: id,
    version,
    // The SDK takes an object whose key is "constructor" for an instance of a class, but not a Map.
    data: { ...rest, name, recheckAtMs, metadata: new Map(Object.entries(metadata)) },
    shard: scheduleShard(shard),
    function_shard: scheduleShard(shard, schedule.functionId),
    wake_shard: recheckAtMs === undefined ? undefined : wakeShard(shard, "timed"),
    wake_at: recheckAtMs,
  };
}

function fromItem(item: Item): Schedule {
  const data = item["data"] as Omit<Schedule, "id" | "version">;
  return { ...data, id: item["schedule_id"] as string, version: item["version"] as number };
}

function shardOf(id: string, shards: number): number {
  return Number.parseInt(id.slice(-4), 16) % shards;
}

function partitionOf({ functionId, shard }: SchedulePartition): string {
  return scheduleShard(shard, functionId);
}

function bounds({ direction, from, to }: Range): { low: string; high: string } {
  const [low = "", high = "~"] = direction === "oldestFirst" ? [from, to] : [to, from];
  return { low: scheduleKey(low), high: scheduleKey(high) };
}
