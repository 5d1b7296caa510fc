import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Clock, Pauses } from "../../core/ports.ts";
import { pauseKey } from "./key-schema.ts";

/** Flags of paused functions, beside the executions: a deployment does not touch them. */
export function dynamoPauses(client: DynamoDBDocumentClient, tableName: string, clock: Clock): Pauses {
  const known = new Map<string, { isPaused: boolean; readAtMs: number }>();
  return {
    async isPaused(functionId, maxAgeMs) {
      const cached = known.get(functionId);
      const readAtMs = clock.now();
      if (cached !== undefined && readAtMs - cached.readAtMs < maxAgeMs) return cached.isPaused;
      // A second late is soon enough for who takes an answer that is older anyway, and costs half.
      const ConsistentRead = maxAgeMs === 0;
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: pauseKey(functionId), ConsistentRead }),
      );
      const isPaused = Item !== undefined;
      known.set(functionId, { isPaused, readAtMs });
      return isPaused;
    },

    async get(functionId) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: pauseKey(functionId), ConsistentRead: true }),
      );
      return Item && { atMs: Item["paused_at"] as number, by: Item["by"] as string | undefined };
    },

    async pause(functionId, by) {
      const Item = { ...pauseKey(functionId), by, paused_at: clock.now() };
      await client.send(new PutCommand({ TableName: tableName, Item }));
    },

    async resume(functionId) {
      await client.send(new DeleteCommand({ TableName: tableName, Key: pauseKey(functionId) }));
    },
  };
}
