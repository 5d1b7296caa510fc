import type { FunctionCatalog } from "../core/functions.ts";
import { type Page, type PageRequest, readPage } from "../core/listing/page.ts";
import { type Direction, isBefore, opposite, type Position } from "../core/listing/postings.ts";
import { type Range, type Read, Union } from "../core/listing/union.ts";
import type { SchedulePartition, Schedules } from "../core/ports.ts";
import { type CodeSchedule, codeSchedules } from "../core/schedules/code-schedule.ts";
import type { Schedule } from "../core/schedules/schedule.ts";

export interface ListSchedulesPorts {
  schedules: Schedules;
  functions: FunctionCatalog;
}

export interface ScheduleFilters {
  functionIds?: readonly string[] | undefined;
  isPaused?: boolean | undefined;
  /** Beginning of the name. */
  prefix?: string | undefined;
}

/** A schedule made at run time, or one that the code asks for. */
export type ListedSchedule = Schedule | CodeSchedule;

/**
 * The schedules that `filters` ask for, by name, page by page, those in code among them. Reads some 200 items at most.
 */
export async function listSchedules(
  { schedules, functions }: ListSchedulesPorts,
  filters: ScheduleFilters,
  request: PageRequest,
): Promise<Page<ListedSchedule>> {
  const inCode = new Map(codeSchedules(functions.values()).map((schedule) => [schedule.name, schedule]));
  const { prefix = "" } = filters;
  const read = async (partition: SchedulePartition | "code", range: Range): Promise<Read<string>> =>
    partition === "code" ? within([...inCode.keys()], range) : schedules.read(partition, range);
  const page = await readPage<string, ListedSchedule>(
    {
      async open(direction, from, wanted, budget) {
        const [first, last] = direction === "oldestFirst" ? [prefix, `${prefix}~`] : [`${prefix}~`, prefix];
        const start = from === undefined || isBefore(from, first, direction) ? first : from;
        const groups = [[...partitions(filters, schedules.shards), "code" as const]];
        return new Union({ groups, read, direction, from: start, to: last, wanted, budget });
      },
      async fetch(names) {
        const stored = await schedules.getMany(names.filter((name) => !inCode.has(name)));
        const found = names.map((name) => inCode.get(name) ?? stored.get(name)).filter((it) => it !== undefined);
        return new Map(found.filter((it) => matches(it, filters)).map((it) => [it.name, it]));
      },
    },
    { ...request, direction: opposite(request.direction) },
  );
  return ascending(page);
}

// Executions are listed from the newest key to the oldest, names the other way round.
function ascending<Item>({ items, hasNext, hasPrevious, start, end }: Page<Item>): Page<Item> {
  return { items: items.reverse(), hasNext: hasPrevious, hasPrevious: hasNext, start: end, end: start };
}

function partitions({ functionIds }: ScheduleFilters, shards: number): SchedulePartition[] {
  const all = Array.from({ length: shards }, (_, shard) => ({ shard }));
  if (!functionIds?.length) return all;
  return [...new Set(functionIds)].flatMap((functionId) => all.map(({ shard }) => ({ functionId, shard })));
}

function matches(schedule: ListedSchedule, { functionIds, isPaused, prefix = "" }: ScheduleFilters): boolean {
  const paused = "isPaused" in schedule && schedule.isPaused;
  return (
    schedule.name.startsWith(prefix) &&
    (!functionIds?.length || functionIds.includes(schedule.functionId)) &&
    (isPaused === undefined || paused === isPaused)
  );
}

function within(names: readonly string[], { direction, from, to, limit }: Range): Read<string> {
  const inOrder = direction === "oldestFirst" ? names : names.toReversed();
  const keys = inOrder.filter((name) => !isOutside(name, from, to, direction));
  return { keys: keys.slice(0, limit), isEnd: keys.length <= limit };
}

function isOutside(name: string, from: Position | undefined, to: Position | undefined, direction: Direction): boolean {
  return (from !== undefined && isBefore(name, from, direction)) || (to !== undefined && isBefore(to, name, direction));
}
