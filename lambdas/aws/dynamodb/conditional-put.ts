import { randomUUID } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Item } from "./item.ts";

export interface ConditionalPut {
  tableName: string;
  item: Item;
  /** The names of the item's key attributes. */
  key: readonly string[];
  condition: string;
  values?: Item;
}

/**
 * Writes `item` if `condition` holds for what is there now. Returns whether it did.
 *
 * The SDK tries again when the answer to a write was lost; then the condition fails because of the very same write. So
 * each write carries an id of its own, and who finds that the condition has failed looks whose write is there.
 */
export async function putIf(
  client: DynamoDBDocumentClient,
  { tableName, item, key, condition, values }: ConditionalPut,
): Promise<boolean> {
  const writeId = randomUUID();
  try {
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...item, write_id: writeId },
        ConditionExpression: condition,
        ...(values && { ExpressionAttributeValues: values }),
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const Key = Object.fromEntries(key.map((name) => [name, item[name]]));
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
    return Item?.["write_id"] === writeId;
  }
}
