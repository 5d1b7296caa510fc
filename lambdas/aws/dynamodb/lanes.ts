import { createHash, randomUUID } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Lane, Slot } from "../../core/lanes.ts";
import { RETENTION_DAYS } from "../../core/limits.ts";
import type { Clock, DueMessage, Lanes } from "../../core/ports.ts";
import { putIf } from "./conditional-put.ts";
import type { ExecutionsTable } from "./executions.ts";
import type { Item } from "./item.ts";
import {
  functionShard,
  laneId,
  markedLane,
  markerKey,
  markerShard,
  PARKED,
  parkedKind,
  SLOT,
  slotKind,
} from "./key-schema.ts";

/** A slot that nobody gave back is gone this long after its lease. */
const SLOT_KEPT_SECONDS = 3600;

/** A parked execution may wait this much longer than the retention; see the postings in `item.ts`. */
const PARKED_MARGIN_DAYS = 14;

const KEY = ["id", "kind"];

/** Lanes beside the executions, in the same table: the items of one lane lie in one partition. */
export function dynamoLanes(client: DynamoDBDocumentClient, table: ExecutionsTable, clock: Clock): Lanes {
  const { tableName, shards, retentionDays = RETENTION_DAYS } = table;
  const read = async (lane: Lane, kind: string, Limit?: number): Promise<Item[]> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: "id = :id AND begins_with(kind, :kind)",
        ExpressionAttributeValues: { ":id": laneId(lane), ":kind": kind },
        ConsistentRead: true,
        Limit,
      }),
    );
    return Items;
  };
  const parkedKey = (lane: Lane, { scheduledAtMs, executionId }: DueMessage) => ({
    id: laneId(lane),
    kind: parkedKind(scheduledAtMs, executionId),
  });
  const get = async (Key: Item): Promise<Item | undefined> =>
    (await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }))).Item;
  const removeIf = async (Key: Item, condition: string, values?: Item): Promise<boolean> => {
    try {
      await client.send(
        new DeleteCommand({
          TableName: tableName,
          Key,
          ConditionExpression: condition,
          ...(values && { ExpressionAttributeValues: values }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  const countIn = async (id: string, Limit: number): Promise<number> => {
    const { Count = 0 } = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: "id = :id AND begins_with(kind, :kind)",
        ExpressionAttributeValues: { ":id": id, ":kind": PARKED },
        Select: "COUNT",
        Limit,
      }),
    );
    return Count;
  };

  return {
    shards,

    async slots(lane) {
      return (await read(lane, SLOT)).map((item) => item["slot"] as Slot);
    },

    take(lane, slot, previous) {
      const write = { tableName, item: slotItem(lane, slot), key: KEY };
      return previous === undefined
        ? putIf(client, { ...write, condition: "attribute_not_exists(id)" })
        : putIf(client, { ...write, condition: UNCHANGED, values: unchanged(previous) });
    },

    async renew(lane, slot) {
      const write = { tableName, item: slotItem(lane, slot), key: KEY };
      await putIf(client, { ...write, condition: HOLDER, values: holderOf(slot) });
    },

    async free(lane, slot) {
      await removeIf({ id: laneId(lane), kind: slotKind(slot.number) }, HOLDER, holderOf(slot));
    },

    async freeUnchanged(lane, slot) {
      await removeIf({ id: laneId(lane), kind: slotKind(slot.number) }, UNCHANGED, unchanged(slot));
    },

    async parked(lane, limit) {
      const items = await read(lane, PARKED, limit);
      // A function writes its own lanes' items: none sends a message to another.
      return items.map((item) => ({
        ...(item["message"] as DueMessage),
        functionName: lane.functionName,
        parking: item["parking"] as string,
      }));
    },

    async isParked(lane, message) {
      return (await get(parkedKey(lane, message))) !== undefined;
    },

    async park(lane, message) {
      const days = retentionDays + PARKED_MARGIN_DAYS;
      const expires = { expires_at: Math.ceil(clock.now() / 1000) + days * 86_400 };
      await client.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...parkedKey(lane, message), message, parking: randomUUID(), ...expires },
        }),
      );
      // Last: whoever takes the mark away sees either the item or another mark.
      const shard = markerShardOf(lane, shards);
      await client.send(
        new PutCommand({
          TableName: tableName,
          Item: {
            ...markerKey(lane),
            mark: randomUUID(),
            wake_shard: markerShard(shard),
            // Always the same: another place in the index costs two write units.
            wake_at: 0,
            function_shard: markersOf(lane.functionId, shard),
          },
        }),
      );
    },

    unpark(lane, message) {
      const { revision, parking } = message;
      const same = "attribute_exists(id) AND message.revision = :revision";
      return parking === undefined
        ? removeIf(parkedKey(lane, message), same, { ":revision": revision })
        : removeIf(parkedKey(lane, message), `${same} AND parking = :parking`, {
            ":revision": revision,
            ":parking": parking,
          });
    },

    async *marked(shard) {
      for (let start: Item | undefined; ; ) {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: "wake",
            KeyConditionExpression: "wake_shard = :shard",
            ExpressionAttributeValues: { ":shard": markerShard(shard) },
            ProjectionExpression: "id",
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        if (Items.length > 0) yield Items.map((item) => markedLane(item["id"] as string));
        if (LastEvaluatedKey === undefined) return;
        start = LastEvaluatedKey;
      }
    },

    async countParked(functionId, most) {
      let count = 0;
      for (let shard = 0; shard < shards; shard++) {
        for (let start: Item | undefined; count < most; ) {
          const { Items = [], LastEvaluatedKey } = await client.send(
            new QueryCommand({
              TableName: tableName,
              IndexName: "function",
              KeyConditionExpression: "function_shard = :shard",
              ExpressionAttributeValues: { ":shard": markersOf(functionId, shard) },
              ...(start && { ExclusiveStartKey: start }),
            }),
          );
          const lanes = Items.map((item) => laneId(markedLane(item["id"] as string)));
          for (const id of lanes) if (count < most) count += await countIn(id, most - count);
          if (LastEvaluatedKey === undefined) break;
          start = LastEvaluatedKey;
        }
      }
      return Math.min(count, most);
    },

    async mark(lane) {
      return (await get(markerKey(lane)))?.["mark"] as string | undefined;
    },

    async unmark(lane, mark) {
      await removeIf(markerKey(lane), "mark = :mark", { ":mark": mark });
    },
  };
}

// Not the map as a whole: dynalite compares none.
const HOLDER = "slot.executionId = :executionId AND slot.attempt = :attempt AND slot.revision = :revision";
const UNCHANGED = `${HOLDER} AND slot.untilMs = :untilMs`;

function unchanged(slot: Slot): Item {
  return { ...holderOf(slot), ":untilMs": slot.untilMs };
}

function holderOf({ executionId, attempt, revision }: Omit<Slot, "number" | "untilMs">): Item {
  return { ":executionId": executionId, ":attempt": attempt, ":revision": revision };
}

function slotItem(lane: Lane, slot: Slot): Item {
  const expires_at = Math.ceil(slot.untilMs / 1000) + SLOT_KEPT_SECONDS;
  return { id: laneId(lane), kind: slotKind(slot.number), slot, expires_at };
}

function markersOf(functionId: string, shard: number): string {
  return `lanes#${functionShard(functionId, shard)}`;
}

// A lane has no random digits in its name.
function markerShardOf(lane: Lane, shards: number): number {
  return createHash("sha256").update(laneId(lane)).digest().readUInt32BE() % shards;
}
