import { type Item, toItem, toPostings } from "../lambdas/aws/dynamodb/item.ts";
import { indexKeys } from "../lambdas/aws/dynamodb/key-schema.ts";
import type { Execution } from "../lambdas/core/execution.ts";
import { RETENTION_DAYS } from "../lambdas/core/limits.ts";

/** Name of the table among the partitions: each of its items is a partition of its own. */
export const TABLE = "table";

/**
 * Adds the write units of one execution, whose record was written in these versions, to those of each partition:
 * `table`, or an index and the value of its key. An index, which has keys only, is written where they change: one unit
 * to take an entry away, and one to put it. No item may have more than a KB.
 */
export function addWriteUnits(partitions: Map<string, number>, versions: readonly Execution[], shards: number): void {
  const kept = { shards, retentionDays: RETENTION_DAYS };
  const add = (partition: string) => partitions.set(partition, (partitions.get(partition) ?? 0) + 1);
  const write = (item: Item, before: Item = {}) => {
    add(TABLE);
    for (const [index, keys] of Object.entries(indexKeys)) {
      const place = ({ [keys.partition]: partition, [keys.sort]: sort }: Item) =>
        partition === undefined || sort === undefined ? undefined : { partition, sort };
      const [from, to] = [place(before), place(item)];
      if (from?.partition === to?.partition && from?.sort === to?.sort) continue;
      if (from !== undefined) add(`${index} ${from.partition}`);
      if (to !== undefined) add(`${index} ${to.partition}`);
    }
  };
  const [first] = versions;
  if (first === undefined) return;
  for (const posting of toPostings(first, kept)) write(posting);
  let before: Item | undefined;
  for (const version of versions) {
    const item = toItem(version, kept);
    write(item, before);
    before = item;
  }
}
