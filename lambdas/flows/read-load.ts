import type { DeployedFunction } from "../core/functions.ts";
import { functionTag, tagOf } from "../core/ids.ts";
import type { Dispatcher, Indexes } from "../core/ports.ts";

export interface LoadPorts {
  dispatcher: Dispatcher;
  indexes: Indexes;
}

/** How busy a function is, about. */
export interface Load {
  /** Messages in its queue. */
  waiting: number;
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
  { dispatcher, indexes }: LoadPorts,
  functions: readonly DeployedFunction[],
): Promise<Map<string, Load>> {
  const partitions = (["started", "aborting"] as const).flatMap((state) =>
    Array.from({ length: indexes.shards }, (_, shard) => ({ index: "state", state, shard }) as const),
  );
  const [reads, waiting] = await Promise.all([
    Promise.all(partitions.map((partition) => indexes.read(partition, ALL))),
    Promise.all(functions.map(({ name, fifo }) => dispatcher.backlog(name, { fifo }))),
  ]);
  const running = Map.groupBy(
    reads.flatMap(({ keys }) => keys),
    tagOf,
  );
  const isLowerBound = reads.some(({ isEnd }) => !isEnd);
  return new Map(
    functions.map(({ name, id }, index) => [
      name,
      { waiting: waiting[index] ?? 0, running: running.get(functionTag(id))?.length ?? 0, isLowerBound },
    ]),
  );
}
