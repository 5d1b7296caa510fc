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

/** Two Lambdas may not agree on what time it is: so far off can their clocks be. */
const CLOCK_SKEW_MS = 60_000;

/**
 * The executions that `filters` ask for, newest first, page by page. What the indexes deliver is checked against the
 * record itself. Reads about 300 items at most: see `readPage`.
 */
export function listExecutions(ports: ListPorts, filters: Filters, request: PageRequest): Promise<Page<Execution>> {
  const lists = plan(filters, ports.indexes.shards);
  // Nothing starts before it is created.
  const { toMs } = filters.startedAt ?? {};
  const newest = toMs === undefined ? undefined : behindIdsUntil(toMs + CLOCK_SKEW_MS);
  return readPage<ExecutionId, Execution>(
    {
      open: (direction, from, wanted, budget) =>
        open(lists, { read: ports.indexes.read, ...bounds(direction, from, newest), direction, wanted, budget }),
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
