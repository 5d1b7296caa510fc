import type { Execution } from "../core/execution.ts";
import { type Filters, matches } from "../core/filters.ts";
import { behindIdsUntil, type ExecutionId } from "../core/ids.ts";
import { type Page, type PageRequest, readPage } from "../core/listing/page.ts";
import { open, plan } from "../core/listing/plan.ts";
import { type Direction, later, type Position } from "../core/listing/postings.ts";
import type { Executions, Indexes } from "../core/ports.ts";

export interface ListPorts {
  executions: Executions;
  indexes: Indexes;
}

/**
 * Up to this many shards a key of an index counts as much as a record: `readPage` bounds both together. With more, a
 * round takes keys from more partitions than it needs keys, and may read the indexes so many times more.
 */
const PLAIN_SHARDS = 4;

/**
 * An execution may be so much older than its id says: the id of a tick has the tick's time, and ticks are made up to a
 * minute ahead; two Lambdas may not agree on what time it is.
 */
const AHEAD_MS = 120_000;

/** And so much younger: a tick that was not delivered in time. */
const LATE_MS = 86_400_000;

/**
 * The executions that `filters` ask for, newest first, page by page. What the indexes deliver is checked against the
 * record itself. Reads about 300 items at most: see `readPage`; of the indexes more, where there are more shards.
 */
export function listExecutions(ports: ListPorts, filters: Filters, request: PageRequest): Promise<Page<Execution>> {
  const { read, shards } = ports.indexes;
  const lists = plan(filters, shards);
  const keyCost = Math.min(1, PLAIN_SHARDS / shards);
  const span = spanOf(filters);
  return readPage<ExecutionId, Execution>(
    {
      open: (direction, from, wanted, budget) =>
        open(lists, { read, ...bounds(direction, from, span), direction, wanted, budget, keyCost }),
      async fetch(ids) {
        const records = await ports.executions.getMany(ids);
        return new Map([...records].filter(([, execution]) => matches(execution, filters)));
      },
    },
    request,
  );
}

/** Between these all ids lie that are wanted. */
interface Span {
  oldest: Position | undefined;
  newest: Position | undefined;
}

function spanOf({ startedAt = {}, createdAt = {} }: Filters): Span {
  // Nothing starts before it is created.
  const newestMs = Math.min(startedAt.toMs ?? Infinity, createdAt.toMs ?? Infinity) + AHEAD_MS;
  return {
    // No id is older than 1970.
    oldest: (createdAt.fromMs ?? 0) <= LATE_MS ? undefined : behindIdsUntil((createdAt.fromMs ?? 0) - LATE_MS),
    newest: newestMs === Infinity ? undefined : behindIdsUntil(newestMs),
  };
}

function bounds(
  direction: Direction,
  from: Position | undefined,
  { oldest, newest }: Span,
): { from: Position | undefined; to: Position | undefined } {
  const [start, end] = direction === "newestFirst" ? [newest, oldest] : [oldest, newest];
  if (from === undefined || start === undefined) return { from: from ?? start, to: end };
  return { from: later(from, start, direction), to: end };
}
