import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { isBulkJob, type Job } from "../../core/jobs/job.ts";
import { idOfJob, jobKey } from "../../core/jobs/key.ts";
import { RETENTION_DAYS } from "../../core/limits.ts";
import type { Range } from "../../core/listing/union.ts";
import type { Clock, Jobs } from "../../core/ports.ts";
import { batchGet } from "./batch-get.ts";
import { putIf } from "./conditional-put.ts";
import type { ExecutionsTable } from "./executions.ts";
import type { Item } from "./item.ts";
import { indexKeys, JOBS_SHARD, jobsKey, wakeShard } from "./key-schema.ts";

const DAY_SECONDS = 86_400;

/** The jobs of the bulk Lambda, beside the executions in their table: one item each. */
export function dynamoJobs(client: DynamoDBDocumentClient, table: ExecutionsTable, clock: Clock): Jobs {
  const { tableName } = table;
  const key = ["id", "kind"];
  return {
    async get(id) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: jobsKey(id), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : fromItem(Item);
    },

    async getMany(ids) {
      const items = await batchGet(client, tableName, ids.map(jobsKey), clock);
      return new Map(items.map(fromItem).map((job) => [job.id, job]));
    },

    async create(job) {
      const item = toItem(job, table);
      const isNew = await putIf(client, { tableName, item, key, condition: "attribute_not_exists(id)" });
      return isNew ? "created" : "exists";
    },

    async apply({ from, to }) {
      const item = toItem(to, table);
      const values = { ":version": from.version };
      const applied = await putIf(client, { tableName, item, key, condition: "version = :version", values });
      return applied ? "applied" : "lost";
    },

    async read(range) {
      const { low, high } = bounds(range);
      if (low > high) return { keys: [], isEnd: true };
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: "all",
          KeyConditionExpression: "#partition = :partition AND id BETWEEN :low AND :high",
          ExpressionAttributeNames: { "#partition": indexKeys.all.partition },
          ExpressionAttributeValues: { ":partition": JOBS_SHARD, ":low": low, ":high": high },
          ScanIndexForward: range.direction === "oldestFirst",
          Limit: range.limit,
        }),
      );
      return { keys: Items.map(({ id }) => idOfJob(id as string) ?? ""), isEnd: LastEvaluatedKey === undefined };
    },
  };
}

function toItem(job: Job, { shards, retentionDays = RETENTION_DAYS }: ExecutionsTable): Item {
  const { id, version, recheckAtMs, finishedAtMs, ...data } = job;
  return {
    ...jobsKey(id),
    version,
    data,
    recheck_at: recheckAtMs,
    finished_at: finishedAtMs,
    shard: isBulkJob(job) ? JOBS_SHARD : undefined,
    wake_shard: recheckAtMs === undefined ? undefined : wakeShard(Number.parseInt(id.slice(-4), 16) % shards, "timed"),
    wake_at: recheckAtMs,
    expires_at: finishedAtMs === undefined ? undefined : Math.floor(finishedAtMs / 1000) + retentionDays * DAY_SECONDS,
  };
}

function fromItem({ id, version, data, recheck_at: recheckAtMs, finished_at: finishedAtMs }: Item): Job {
  return {
    ...(data as Job),
    id: idOfJob(id as string) ?? "",
    version: version as number,
    ...(recheckAtMs !== undefined && { recheckAtMs: recheckAtMs as number }),
    ...(finishedAtMs !== undefined && { finishedAtMs: finishedAtMs as number }),
  };
}

function bounds({ direction, from, to }: Range): { low: string; high: string } {
  const [low = "", high = "~"] = direction === "oldestFirst" ? [from, to] : [to, from];
  return { low: jobKey(low), high: jobKey(high) };
}
