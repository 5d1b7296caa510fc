import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Bound, Debounces } from "../../core/ports.ts";
import { putIf } from "./conditional-put.ts";
import { debounceKey } from "./key-schema.ts";

/** Keys of debounced executions beside the executions, in the same table: no index sees them. */
export function dynamoDebounces(client: DynamoDBDocumentClient, tableName: string): Debounces {
  return {
    async get(functionId, key) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: debounceKey(functionId, key), ConsistentRead: true }),
      );
      return Item?.["bound"] as Bound | undefined;
    },

    bind(functionId, key, bound, previous) {
      const expires_at = Math.ceil(bound.expiresAtMs / 1000);
      const item = { ...debounceKey(functionId, key), bound, expires_at };
      const write = { tableName, item, key: ["id", "kind"] };
      return previous === undefined
        ? putIf(client, { ...write, condition: "attribute_not_exists(id)" })
        : putIf(client, { ...write, condition: "bound.executionId = :previous", values: { ":previous": previous } });
    },
  };
}
