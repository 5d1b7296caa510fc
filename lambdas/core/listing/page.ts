import type { Budget } from "./budget.ts";
import { budgetOf } from "./budget.ts";
import { type Cursor, startAt } from "./cursor.ts";
import { beyond, type Direction, opposite, type Position, type Postings } from "./postings.ts";

export interface PageRequest {
  direction: Direction;
  /** From 1. */
  limit: number;
  /** The page begins beyond it; without one, at the end of the list where the direction begins. */
  cursor?: Cursor | undefined;
}

/** A page, newest first whatever the direction it was asked for in. */
export interface Page<Item> {
  items: Item[];
  /** Whether there are older ones, or may be: this request has read as much as it may. */
  hasNext: boolean;
  /** Whether there are newer ones. */
  hasPrevious: boolean;
  start?: Cursor | undefined;
  end?: Cursor | undefined;
}

/** Source of a page: keys in order, and the items behind them. */
export interface Source<Key extends string, Item> {
  /** Keys of all items that are wanted, and perhaps of others. */
  open(direction: Direction, from: Position | undefined, wanted: number, budget: Budget): Promise<Postings<Key>>;
  /** The items of these keys; those that do not exist or are not wanted are left out. */
  fetch(keys: readonly Key[]): Promise<ReadonlyMap<Key, Item>>;
}

/**
 * Items (requests for keys, and records: half a read unit each) that one page may read, and that may be read to learn
 * whether there is one before it.
 */
const PAGE_ITEMS = 185;
const PROBE_ITEMS = 30;

/** Items that are fetched at once at most. */
const MAX_AT_ONCE = 100;

/**
 * One page. It holds every wanted item from the cursor on, without a gap, and reads a bounded number of items for it,
 * however many there are: if that is not enough, the page is short and its cursor goes on from where it stopped.
 */
export async function readPage<Key extends string, Item>(
  source: Source<Key, Item>,
  request: PageRequest,
): Promise<Page<Item>> {
  const { direction, limit, cursor } = request;
  const from = cursor && startAt(cursor, direction);
  const [walk, hasBefore] = await Promise.all([
    // One more tells whether there is a page beyond.
    collect(source, direction, from, limit + 1, PAGE_ITEMS),
    cursor === undefined ? false : isAnyBefore(source, cursor, direction),
  ]);
  const shown = walk.found.slice(0, limit);
  const hasBeyond = walk.found.length > limit || walk.stoppedAt !== undefined;
  const near = itemCursor(shown[0]);
  const far =
    walk.found.length <= limit && walk.stoppedAt !== undefined
      ? { at: direction, position: walk.stoppedAt }
      : itemCursor(shown.at(-1));
  const items = shown.map(([, item]) => item);
  return direction === "newestFirst"
    ? { items, hasNext: hasBeyond, hasPrevious: hasBefore, start: near, end: far }
    : { items: items.reverse(), hasNext: hasBefore, hasPrevious: hasBeyond, start: far, end: near };
}

/** Items that a walk has found. */
interface Walk<Key, Item> {
  found: [Key, Item][];
  /** How many keys it has fetched. */
  seen: number;
  /** Cursor at which the budget ended the walk. */
  stoppedAt?: Position;
}

/** Reads on from a position until so many wanted items are found, or this many items (keys and records) are read. */
export async function collect<Key extends string, Item>(
  source: Source<Key, Item>,
  direction: Direction,
  from: Position | undefined,
  wanted: number,
  items: number,
): Promise<Walk<Key, Item>> {
  const budget = budgetOf(items);
  const postings = await source.open(direction, from, wanted, budget);
  const found: [Key, Item][] = [];
  let seen = 0;
  for (;;) {
    // As many as it takes if the share of wanted ones stays what it is.
    const missing = wanted - found.length;
    const size = seen === 0 ? missing : Math.ceil((missing * seen) / Math.max(1, found.length));
    const { keys, stopped } = await take(postings, Math.min(size, MAX_AT_ONCE), direction, budget);
    seen += keys.length;
    const fetched = keys.length === 0 ? new Map<Key, Item>() : await source.fetch(keys);
    for (const key of keys) {
      const item = fetched.get(key);
      if (item !== undefined) found.push([key, item]);
    }
    if (found.length >= wanted || stopped === "end") return { found: found.slice(0, wanted), seen };
    if (stopped !== undefined) return { found, seen, stoppedAt: stopped.at };
  }
}

// A key that is taken will be fetched: that is counted at once, so that both together stay within the budget.
async function take<Key extends string>(
  postings: Postings<Key>,
  count: number,
  direction: Direction,
  budget: Budget,
): Promise<{ keys: Key[]; stopped?: "end" | { at: Position } }> {
  const keys: Key[] = [];
  while (keys.length < count) {
    const last = keys.at(-1);
    if (budget.remaining() <= 0 && last !== undefined) return { keys, stopped: { at: beyond(last, direction) } };
    const step = await postings.next();
    if ("stopped" in step) return { keys, stopped: step.stopped === "end" ? "end" : { at: step.at } };
    budget.spend(1);
    keys.push(step.key);
  }
  return { keys };
}

// Mostly the item of the cursor itself is still there.
async function isAnyBefore<Key extends string, Item>(
  source: Source<Key, Item>,
  cursor: Cursor,
  direction: Direction,
): Promise<boolean> {
  if (cursor.at === "item" && (await source.fetch([cursor.key as Key])).size > 0) return true;
  const back = opposite(direction);
  const { found, stoppedAt } = await collect(source, back, startAt(cursor, back), 1, PROBE_ITEMS);
  return found.length > 0 || stoppedAt !== undefined;
}

function itemCursor(shown: readonly [string, unknown] | undefined): Cursor | undefined {
  return shown && { at: "item", key: shown[0] };
}
