import { ERROR_FINGERPRINT, freshStates, RERUN_OF, SCHEDULE, type State, states } from "../execution.ts";
import type { Filters } from "../filters.ts";
import { type ExecutionId, timeOf } from "../ids.ts";
import { intersection } from "./intersection.ts";
import type { Direction, Postings } from "./postings.ts";
import { Union, type UnionOptions } from "./union.ts";

/** One sorted list of ids in an index. The hot ones are split into shards. */
export type Partition =
  | { index: "all"; shard: number }
  | { index: "function"; functionId: string; shard: number }
  | { index: "state"; state: IndexedState; isFresh: boolean; shard: number }
  | { index: "executedBy"; executedBy: ExecutionId }
  | { index: "metadata"; key: string; value: string; shard: number };

/** Most executions succeed: an index of them would cost a write each and exclude almost nothing. */
type IndexedState = Exclude<State, "succeed">;

/** The partitions whose union is one condition of the filters; in groups, see `union.ts`. */
export type PartitionGroups = readonly (readonly Partition[])[];

/**
 * A condition that is spread over more partitions than this for each shard is checked on the records instead: each
 * partition is a request.
 */
const MAX_PARTITIONS_PER_SHARD = 12;

/** All lists together: half of what a page may read at four shards, so that the other half is left for the records. */
const MAX_TOGETHER_PER_SHARD = 22;

/** Conditions that are looked up in indexes; the others are checked on the records. */
const MAX_LISTS = 4;

/** Keys of each list that are read to estimate its density. */
const SAMPLE = 16;

/**
 * A list that is so many times denser than the sparsest one is given up: to read it past all that the sparse one does
 * not have costs more than to check the sparse one's records.
 */
const WORTHWHILE_RATIO = 4;

/**
 * The lists that all have the executions which `filters` ask for. At least one; what they leave open the record says.
 */
export function plan(filters: Filters, shards: number): readonly [PartitionGroups, ...PartitionGroups[]] {
  const all = Array.from({ length: shards }, (_, shard) => shard);
  const lists = [...postingLists(filters, all), ...executedByList(filters), ...stateList(filters, all)];
  if (filters.functionIds?.length) {
    lists.push([
      filters.functionIds.flatMap((functionId) =>
        all.map((shard) => ({ index: "function", functionId, shard }) as const),
      ),
    ]);
  }
  const [first, ...rest] = lists
    .filter((groups) => groups.flat().length <= MAX_PARTITIONS_PER_SHARD * shards)
    .sort((a, b) => a.flat().length - b.flat().length)
    .slice(0, MAX_LISTS)
    .filter((_, index, sorted) => sorted.slice(0, index + 1).flat(2).length <= MAX_TOGETHER_PER_SHARD * shards);
  return first === undefined ? [[all.map((shard) => ({ index: "all", shard }))]] : [first, ...rest];
}

function postingLists(
  { metadata = [], rerunOf, schedule, errorFingerprint }: Filters,
  all: readonly number[],
): PartitionGroups[] {
  return [
    ...metadata,
    ...(rerunOf === undefined ? [] : [{ key: RERUN_OF, values: [rerunOf] }]),
    ...(schedule === undefined ? [] : [{ key: SCHEDULE, values: [schedule] }]),
    ...(errorFingerprint === undefined ? [] : [{ key: ERROR_FINGERPRINT, values: [errorFingerprint] }]),
  ]
    .filter(({ values }) => values.length > 0)
    .map(({ key, values }) => [
      [...new Set(values)].flatMap((value) => all.map((shard) => ({ index: "metadata", key, value, shard }) as const)),
    ]);
}

function executedByList({ executedBy }: Filters): PartitionGroups[] {
  return executedBy === undefined ? [] : [[[{ index: "executedBy", executedBy }]]];
}

// In the order of life, so that an execution that goes on from one state to the next meanwhile is found in one of them;
// and once more what a retry leads back to. Of each state the fresh ones come first, beside the others of the state
// before: none goes from those to these.
function stateList(filters: Filters, all: readonly number[]): PartitionGroups[] {
  // Only a failed execution has an error code.
  const wanted = filters.errorCodes?.length ? ["failed" as const] : (filters.states ?? []);
  if (wanted.length === 0 || wanted.includes("succeed")) return [];
  const inOrder = states.filter((state) => state !== "succeed" && wanted.includes(state)) as IndexedState[];
  if (inOrder.includes("created") && inOrder.includes("started")) inOrder.push("created");
  const groups: Partition[][] = [...inOrder, undefined].map(() => []);
  for (const [at, state] of inOrder.entries()) {
    if (freshStates.some((it) => it === state)) groups[at]?.push(...stateShards(state, true, all));
    groups[at + 1]?.push(...stateShards(state, false, all));
  }
  return [groups.filter((group) => group.length > 0)];
}

function stateShards(state: IndexedState, isFresh: boolean, all: readonly number[]): Partition[] {
  return all.map((shard) => ({ index: "state", state, isFresh, shard }));
}

export type OpenOptions = Omit<UnionOptions<Partition, ExecutionId>, "groups">;

/** The ids that are in all of the lists that are worth reading. What the others would say is left to the records. */
export async function open(
  lists: readonly [PartitionGroups, ...PartitionGroups[]],
  options: OpenOptions,
): Promise<Postings<ExecutionId>> {
  if (lists.length === 1) return new Union({ ...options, groups: lists[0] });
  const unions = lists.map((groups) => new Union({ ...options, groups, wanted: SAMPLE }));
  await Promise.all(unions.map((union) => union.fill(1 / unions.length)));
  const [first, ...rest] = worthwhile(unions, options.direction);
  return first === undefined
    ? new Union({ ...options, groups: lists[0] })
    : intersection([first, ...rest], options.direction);
}

type IdUnion = Union<Partition, ExecutionId>;

function worthwhile(unions: readonly IdUnion[], direction: Direction): IdUnion[] {
  // Lists that were read whole cost nothing more.
  const whole = unions.filter(({ ahead }) => ahead.isAll);
  if (whole.length > 0) return whole;
  const times = unions.map(({ ahead }) => ahead.keys.map(timeOf));
  const heads = times.map(([head = 0]) => head);
  const start = direction === "newestFirst" ? Math.max(...heads) : Math.min(...heads);
  // Milliseconds from one key to the next.
  const gaps = times.map((list) => (Math.abs((list.at(-1) ?? start) - start) + 1) / Math.max(1, list.length));
  const sparsest = Math.max(...gaps);
  return unions.filter((_, index) => (gaps[index] ?? 0) * WORTHWHILE_RATIO >= sparsest);
}
