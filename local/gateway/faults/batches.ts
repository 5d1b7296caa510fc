import { parametersOf } from "../json-body.ts";
import type { GatewayRequest, GatewayResponse } from "../messages.ts";

type Items = unknown[];
type Tables = Record<string, Items | ({ Keys: Items } & Record<string, unknown>)>;

export interface SplitBatch {
  /** The part that DynamoDB processes. */
  request: GatewayRequest;
  /** Adds the rest to the answer. */
  complete(response: GatewayResponse): GatewayResponse;
}

const UNPROCESSED: Record<string, string> = { BatchWriteItem: "UnprocessedItems", BatchGetItem: "UnprocessedKeys" };

/**
 * Removes some items from a DynamoDB batch, to return them as unprocessed. Returns `undefined` for a batch of fewer
 * than two items: DynamoDB processes at least one, or refuses the whole.
 */
export function splitBatch(action: string, request: GatewayRequest, random: () => number): SplitBatch | undefined {
  const name = UNPROCESSED[action];
  const batch = name === undefined ? undefined : (parametersOf(request) as { RequestItems?: Tables });
  if (name === undefined || batch?.RequestItems === undefined) return undefined;
  const tables = batch.RequestItems;
  const count = Object.values(tables).flatMap(itemsOf).length;
  if (count < 2) return undefined;
  const isLeft = Array.from({ length: count }, () => random() < 0.5);
  // At least one, but not all.
  const certain = Math.floor(random() * count);
  isLeft[certain] = true;
  isLeft[(certain + 1) % count] = false;
  const [processed, left] = [false, true].map((wanted) => partOf(tables, (index) => isLeft[index] === wanted));
  const body = Buffer.from(JSON.stringify({ ...batch, RequestItems: processed }));
  return { request: { ...request, body }, complete: (response) => withUnprocessed(response, name, left ?? {}) };
}

/** Selects items by their index in the order of all tables. */
function partOf(tables: Tables, isPart: (index: number) => boolean): Tables {
  let index = 0;
  const parts = Object.entries(tables).map(([table, entry]): [string, Tables[string]] => {
    const items = itemsOf(entry).filter(() => isPart(index++));
    return [table, Array.isArray(entry) ? items : { ...entry, Keys: items }];
  });
  return Object.fromEntries(parts.filter(([, entry]) => itemsOf(entry).length > 0));
}

function withUnprocessed(response: GatewayResponse, name: string, rest: Tables): GatewayResponse {
  if (response.status !== 200) return response;
  const answer = JSON.parse(response.body.toString()) as Record<string, Tables | undefined>;
  const unprocessed = merge(answer[name] ?? {}, rest);
  // The checksum was for the original body.
  const { "x-amz-crc32": _, ...headers } = response.headers;
  return { ...response, headers, body: JSON.stringify({ ...answer, [name]: unprocessed }) };
}

function merge(own: Tables, rest: Tables): Tables {
  const merged = { ...own };
  for (const [table, entry] of Object.entries(rest)) {
    const items = [...itemsOf(merged[table] ?? []), ...itemsOf(entry)];
    merged[table] = Array.isArray(entry) ? items : { ...entry, Keys: items };
  }
  return merged;
}

function itemsOf(entry: Tables[string]): Items {
  return Array.isArray(entry) ? entry : entry.Keys;
}
