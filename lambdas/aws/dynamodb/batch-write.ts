import { BatchWriteCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../core/ports.ts";
import type { Item } from "./item.ts";

/** Source: DynamoDB BatchWriteItem. */
const MAX_ITEMS = 25;

/** DynamoDB may leave some items for another call, at most so often. */
const MAX_TRIES = 6;

/**
 * Writes `items`, unconditionally and in no order.
 * @returns the error of each item that was not written, or may not have been
 */
export async function batchWrite(
  client: DynamoDBDocumentClient,
  tableName: string,
  items: readonly Item[],
  clock: Clock,
): Promise<Map<Item, unknown>> {
  const batches = Array.from({ length: Math.ceil(items.length / MAX_ITEMS) }, (_, index) =>
    items.slice(index * MAX_ITEMS, (index + 1) * MAX_ITEMS),
  );
  const failed = await Promise.all(batches.map((batch) => writeBatch(client, tableName, batch, clock)));
  return new Map(failed.flat());
}

async function writeBatch(
  client: DynamoDBDocumentClient,
  tableName: string,
  items: readonly Item[],
  clock: Clock,
): Promise<[Item, unknown][]> {
  let left = items;
  try {
    for (let tries = 0; left.length > 0; tries++) {
      if (tries === MAX_TRIES) throw new Error(`DynamoDB left items of a batch unwritten ${MAX_TRIES} times`);
      if (tries > 0) await clock.sleep(25 * 2 ** tries);
      const requests = left.map((Item) => ({ PutRequest: { Item } }));
      const { UnprocessedItems } = await client.send(
        new BatchWriteCommand({ RequestItems: { [tableName]: requests } }),
      );
      const unprocessed = (UnprocessedItems?.[tableName] ?? []).map(({ PutRequest }) => keyOf(PutRequest?.Item ?? {}));
      left = left.filter((item) => unprocessed.includes(keyOf(item)));
    }
    return [];
  } catch (error) {
    return left.map((item) => [item, error]);
  }
}

function keyOf({ id, kind }: Item): string {
  return JSON.stringify([id, kind]);
}
