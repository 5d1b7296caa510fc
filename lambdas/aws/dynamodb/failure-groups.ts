import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from "@aws-sdk/lib-dynamodb";
import { BUCKET_KEPT_HOURS, type FailureBucket, HOUR_MS, type Resolution } from "../../core/failures/group.ts";
import type { ExecutionId } from "../../core/ids.ts";
import type { FailureGroups } from "../../core/ports.ts";
import type { ExecutionsTable } from "./executions.ts";
import type { Item } from "./item.ts";
import { failureId, fingerprintOf, hourOfKind, indexKeys, resolutionKey, seenShard } from "./key-schema.ts";

/** Groups of one hour and shard that are listed. */
const MAX_SEEN = 1_000;

/** The groups that the counted failures make. */
export function dynamoFailureGroups(
  client: DynamoDBDocumentClient,
  { tableName, shards }: Pick<ExecutionsTable, "tableName" | "shards">,
): FailureGroups {
  const everyShard = Array.from({ length: shards }, (_, shard) => shard);

  async function query(input: Omit<ConstructorParameters<typeof QueryCommand>[0], "TableName">): Promise<Item[]> {
    const { Items = [] } = await client.send(new QueryCommand({ TableName: tableName, ...input }));
    return Items;
  }

  return {
    shards,

    async seenIn(hour) {
      const found = await Promise.all(
        everyShard.map((shard) =>
          query({
            IndexName: "all",
            KeyConditionExpression: "#partition = :partition",
            ExpressionAttributeNames: { "#partition": indexKeys.all.partition },
            ExpressionAttributeValues: { ":partition": seenShard(hour, shard) },
            Limit: MAX_SEEN,
          }),
        ),
      );
      return [...new Set(found.flat().map(({ id }) => fingerprintOf(id as string)))];
    },

    async buckets(fingerprint) {
      const found = await Promise.all(
        everyShard.map((shard) =>
          query({
            KeyConditionExpression: "id = :id",
            ExpressionAttributeValues: { ":id": failureId(fingerprint, shard) },
          }),
        ),
      );
      return found.flat().map(toBucket);
    },

    async resolution(fingerprint) {
      const Key = resolutionKey(fingerprint);
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
      return Item?.["resolution"] as Resolution | undefined;
    },

    async resolve(fingerprint, resolution) {
      const Key = resolutionKey(fingerprint);
      if (resolution === undefined) await client.send(new DeleteCommand({ TableName: tableName, Key }));
      else {
        // A resolved group that does not fail again is gone before it; an ignored one stays ignored.
        const seconds = Math.ceil(resolution.atMs / 1000) + (BUCKET_KEPT_HOURS * HOUR_MS) / 1000;
        const expires = resolution.state === "resolved" ? { expires_at: seconds } : {};
        await client.send(new PutCommand({ TableName: tableName, Item: { ...Key, resolution, ...expires } }));
      }
    },
  };
}

function toBucket({ kind, count, first_at, last_at, sample, about }: Item): FailureBucket {
  return {
    ...(about as Pick<FailureBucket, "functionName" | "errorName" | "message">),
    hour: hourOfKind(kind as string),
    count: count as number,
    firstAtMs: first_at as number,
    lastAtMs: last_at as number,
    sample: sample as ExecutionId,
  };
}
