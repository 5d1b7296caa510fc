import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Clock, IdempotencyKeys, KeyedRequest } from "../../core/ports.ts";
import { putIf } from "./conditional-put.ts";
import { idempotencyKey } from "./key-schema.ts";

/** A day is promised; the second one is for whoever tries again late. */
const KEPT_SECONDS = 2 * 86_400;

/** The idempotency keys beside the executions, in the same table: no index sees them. */
export function dynamoIdempotencyKeys(
  client: DynamoDBDocumentClient,
  tableName: string,
  clock: Clock,
): IdempotencyKeys {
  return {
    async claim(key, request) {
      for (;;) {
        const item = { ...idempotencyKey(key), request, expires_at: Math.floor(clock.now() / 1000) + KEPT_SECONDS };
        const isNew = await putIf(client, {
          tableName,
          item,
          key: ["id", "kind"],
          condition: "attribute_not_exists(id)",
        });
        if (isNew) return request;
        const { Item } = await client.send(
          new GetCommand({ TableName: tableName, Key: idempotencyKey(key), ConsistentRead: true }),
        );
        // It may have expired in between.
        if (Item !== undefined) return Item["request"] as KeyedRequest;
      }
    },
  };
}
