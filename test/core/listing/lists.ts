import fc from "fast-check";
import type { Budget } from "../../../lambdas/core/listing/budget.ts";
import { type Direction, isBefore, type Position, type Postings } from "../../../lambdas/core/listing/postings.ts";
import type { Range, Read } from "../../../lambdas/core/listing/union.ts";

/** Keys that sort as ids do, few enough for lists to have many in common. */
export const keys = fc.integer({ min: 0, max: 60 }).map((value) => value.toString(16).padStart(4, "0"));
export const lists = fc.uniqueArray(keys, { maxLength: 40 });
export const directions = fc.constantFrom<Direction>("newestFirst", "oldestFirst");

/** A budget that never ends, and tells what was spent. */
export function unlimited(): Budget & { spent: number } {
  return {
    spent: 0,
    remaining: () => Number.POSITIVE_INFINITY,
    spend(items) {
      this.spent += items;
    },
  };
}

export function inOrder(list: Iterable<string>, direction: Direction): string[] {
  return [...new Set(list)].sort((a, b) => (isBefore(a, b, direction) ? -1 : 1));
}

/** Answers an index query from a list in memory. */
export async function readList(list: readonly string[], range: Range): Promise<Read<string>> {
  const { direction, from, to, limit } = range;
  const wanted = inOrder(list, direction).filter(
    (key) =>
      (from === undefined || !isBefore(key, from, direction)) && (to === undefined || !isBefore(to, key, direction)),
  );
  // Like DynamoDB: a full page does not know that nothing comes after it.
  return { keys: wanted.slice(0, limit), isEnd: wanted.length < limit };
}

/** A sorted list as postings, read key by key. */
export function postingsOf(list: readonly string[], direction: Direction): Postings {
  let rest = inOrder(list, direction);
  return {
    async next(from?: Position) {
      rest = rest.filter((key) => from === undefined || !isBefore(key, from, direction));
      const key = rest.shift();
      return key === undefined ? { stopped: "end" } : { key };
    },
  };
}

export async function drain(postings: Postings): Promise<string[]> {
  const drained: string[] = [];
  for (;;) {
    const step = await postings.next();
    if (!("key" in step)) return drained;
    drained.push(step.key);
  }
}
