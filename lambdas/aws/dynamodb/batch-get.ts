import { BatchGetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../core/ports.ts";
import type { Item } from "./item.ts";

/** Source: DynamoDB BatchGetItem. */
const MAX_KEYS = 100;

/** DynamoDB may leave some keys for another call, at most so often. */
const MAX_TRIES = 6;

/** The items of `keys` that exist, in any order; eventually consistent. */
export async function batchGet(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Item[],
  clock: Clock,
): Promise<Item[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / MAX_KEYS) }, (_, index) =>
    keys.slice(index * MAX_KEYS, (index + 1) * MAX_KEYS),
  );
  return (await Promise.all(batches.map((batch) => getAll(client, tableName, batch, clock)))).flat();
}

async function getAll(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Item[],
  clock: Clock,
): Promise<Item[]> {
  const items: Item[] = [];
  let missing = [...keys];
  for (let tries = 0; missing.length > 0; tries++) {
    if (tries === MAX_TRIES) throw new Error(`DynamoDB left keys of a batch unread ${MAX_TRIES} times`);
    if (tries > 0) await clock.sleep(25 * 2 ** tries);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: missing } } }),
    );
    items.push(...(Responses?.[tableName] ?? []));
    missing = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return items;
}
