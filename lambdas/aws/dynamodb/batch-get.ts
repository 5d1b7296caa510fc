import { BatchGetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../core/ports.ts";
import type { Item } from "./item.ts";

/** Source: DynamoDB BatchGetItem. */
const MOST_KEYS = 100;

/** DynamoDB may leave some keys for another call, at most so often. */
const MOST_TRIES = 6;

/** The items of `keys` that exist, in any order; eventually consistent. */
export async function batchGet(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Item[],
  clock: Clock,
): Promise<Item[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / MOST_KEYS) }, (_, index) =>
    keys.slice(index * MOST_KEYS, (index + 1) * MOST_KEYS),
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
    if (tries === MOST_TRIES) throw new Error(`DynamoDB left keys of a batch unread ${MOST_TRIES} times`);
    if (tries > 0) await clock.sleep(25 * 2 ** tries);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: missing } } }),
    );
    items.push(...(Responses?.[tableName] ?? []));
    missing = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return items;
}
