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

/** Two Lambdas may not agree on what time it is: so far off can their clocks be. */
const CLOCK_SKEW_MS = 60_000;

/**
 * The executions that `filters` ask for, newest first, page by page. What the indexes deliver is checked against the
 * record itself. Reads about 300 items at most: see `readPage`; of the indexes more, where there are more shards.
 */
export function listExecutions(ports: ListPorts, filters: Filters, request: PageRequest): Promise<Page<Execution>> {
  const { read, shards } = ports.indexes;
  const lists = plan(filters, shards);
  const keyCost = Math.min(1, PLAIN_SHARDS / shards);
  // Nothing starts before it is created.
  const { toMs } = filters.startedAt ?? {};
  const newest = toMs === undefined ? undefined : behindIdsUntil(toMs + CLOCK_SKEW_MS);
  return readPage<ExecutionId, Execution>(
    {
      open: (direction, from, wanted, budget) =>
        open(lists, { read, ...bounds(direction, from, newest), direction, wanted, budget, keyCost }),
      async fetch(ids) {
        const records = await ports.executions.getMany(ids);
        return new Map([...records].filter(([, execution]) => matches(execution, filters)));
      },
    },
    request,
  );
}

function bounds(
  direction: Direction,
  from: Position | undefined,
  newest: Position | undefined,
): { from: Position | undefined; to: Position | undefined } {
  if (newest === undefined || direction === "oldestFirst") return { from, to: newest };
  return { from: from === undefined ? newest : later(from, newest, direction), to: undefined };
}
