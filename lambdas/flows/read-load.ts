import type { DeployedFunction } from "../core/functions.ts";
import { functionTag, tagOf } from "../core/ids.ts";
import type { Dispatcher, Indexes, Lanes } from "../core/ports.ts";

export interface LoadPorts {
  dispatcher: Dispatcher;
  indexes: Indexes;
  lanes: Lanes;
}

/** How busy a function is, about. */
export interface Load {
  /** Messages in its queue. */
  waiting: number;
  /** Executions that are parked, up to a number. */
  parked: number;
  /** Whether more may be parked than were counted. */
  isParkedLowerBound: boolean;
  /** Executions that run. */
  running: number;
  /** Whether more may run than were counted. */
  isLowerBound: boolean;
}

/** Keys that are read of each shard of a state, whatever the number of functions. */
const MAX_COUNTED = 1_000;

const ALL = { direction: "newestFirst", from: undefined, to: undefined, limit: MAX_COUNTED } as const;

/** Returns the load of each of these functions, by name. What runs is counted by the ids, which tell their function. */
export async function readLoad(
  { dispatcher, indexes, lanes }: LoadPorts,
  functions: readonly DeployedFunction[],
): Promise<Map<string, Load>> {
  const partitions = (
    [
      { state: "started", isFresh: true },
      { state: "started", isFresh: false },
      { state: "aborting", isFresh: false },
    ] as const
  ).flatMap((of) => Array.from({ length: indexes.shards }, (_, shard) => ({ index: "state", ...of, shard }) as const));
  const [reads, backlogs, parked] = await Promise.all([
    Promise.all(partitions.map((partition) => indexes.read(partition, ALL))),
    Promise.all(functions.map(({ name, fifo }) => dispatcher.backlog(name, { fifo }))),
    Promise.all(functions.map(({ id }) => lanes.countParked(id, MAX_COUNTED))),
  ]);
  // One that moves meanwhile may be in two of them.
  const running = Map.groupBy(new Set(reads.flatMap(({ keys }) => keys)), tagOf);
  const isLowerBound = reads.some(({ isEnd }) => !isEnd);
  return new Map(
    functions.map(({ name, id }, index) => [
      name,
      {
        waiting: backlogs[index]?.waiting ?? 0,
        parked: parked[index] ?? 0,
        isParkedLowerBound: (parked[index] ?? 0) >= MAX_COUNTED,
        running: running.get(functionTag(id))?.length ?? 0,
        isLowerBound,
      },
    ]),
  );
}
