import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Slot } from "../../core/capacity.ts";
import type { Slots } from "../../core/ports.ts";
import { putIf } from "./conditional-put.ts";
import { slotsKey } from "./key-schema.ts";

/** Who is running, beside the executions in their table: one item for a function. */
export function dynamoSlots(client: DynamoDBDocumentClient, tableName: string): Slots {
  return {
    async read(functionId) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: slotsKey(functionId), ConsistentRead: true }),
      );
      return { slots: (Item?.["slots"] ?? []) as Slot[], version: (Item?.["version"] ?? 0) as number };
    },

    async write(functionId, { slots, version }) {
      const item = { ...slotsKey(functionId), slots, version: version + 1 };
      const place = { tableName, item, key: ["id", "kind"] };
      return version === 0
        ? putIf(client, { ...place, condition: "attribute_not_exists(id)" })
        : putIf(client, { ...place, condition: "version = :version", values: { ":version": version } });
    },
  };
}
