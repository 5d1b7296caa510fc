import type { Execution } from "../core/execution.ts";
import { type Filters, matches } from "../core/filters.ts";
import { behindIdsUntil, type ExecutionId } from "../core/ids.ts";
import { collect, type Page, type PageRequest, readPage, type Source } from "../core/listing/page.ts";
import { open, plan } from "../core/listing/plan.ts";
import { beyond, type Direction, later, type Position } from "../core/listing/postings.ts";
import type { Executions, Indexes } from "../core/ports.ts";

export interface ListPorts {
  executions: Executions;
  indexes: Indexes;
}

/**
 * Up to this many shards a request to an index counts in full: `readPage` bounds them and the records together. With
 * more, a round goes to more partitions, and may read the indexes so many times more.
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
 * record itself. Costs about 110 read units at most: see `readPage`; more of the indexes, where there are more shards.
 */
export function listExecutions(ports: ListPorts, filters: Filters, request: PageRequest): Promise<Page<Execution>> {
  return readPage(sourceOf(ports, filters, spanOf(filters)), request);
}

/** Executions of a walk, and where it goes on: absent at its end. */
export interface Walked {
  executions: Execution[];
  /** How many were looked at. */
  examined: number;
  next?: Position;
}

/** Items (requests for keys, and records) that one step of a walk reads. */
const STEP_ITEMS = 185;

/**
 * Walks on over the executions that `filters` ask for, oldest first, from `from` up to those whose ids are older than
 * `beforeMs`. Reads as much as a page of a list.
 */
export async function walkExecutions(
  ports: ListPorts,
  filters: Filters,
  { from, beforeMs, wanted }: { from: Position; beforeMs: number; wanted: number },
): Promise<Walked> {
  const { oldest, newest } = spanOf(filters);
  const bound = behindIdsUntil(beforeMs - 1);
  const span = { oldest, newest: newest === undefined ? bound : later(bound, newest, "newestFirst") };
  const { found, seen, stoppedAt } = await collect(
    sourceOf(ports, filters, span),
    "oldestFirst",
    from,
    wanted,
    STEP_ITEMS,
  );
  const last = found.at(-1);
  const next =
    stoppedAt ?? (found.length === wanted && last !== undefined ? beyond(last[0], "oldestFirst") : undefined);
  return { executions: found.map(([, it]) => it), examined: seen, ...(next !== undefined && { next }) };
}

function sourceOf({ indexes, executions }: ListPorts, filters: Filters, span: Span): Source<ExecutionId, Execution> {
  const { read, shards } = indexes;
  const lists = plan(filters, shards);
  const requestCost = Math.min(1, PLAIN_SHARDS / shards);
  return {
    open: (direction, from, wanted, budget) =>
      open(lists, { read, ...bounds(direction, from, span), direction, wanted, budget, requestCost }),
    async fetch(ids) {
      const records = await executions.getMany(ids);
      return new Map([...records].filter(([, execution]) => matches(execution, filters)));
    },
  };
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
