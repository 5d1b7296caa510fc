import {
  type Attempt,
  type Execution,
  keptFromMs,
  type Posting,
  postingsOf,
  wakePlaceOf,
} from "../../core/execution.ts";
import { type ExecutionId, functionId, functionTag, shardOf, tagOf } from "../../core/ids.ts";
import { decodeChange, encodeChange } from "./changes.ts";
import { freshShard, functionShard, postingShard, RECORD, stateShard, wakeShard } from "./key-schema.ts";

export type Item = Record<string, unknown>;

const DAY_MS = 86_400_000;

/**
 * How long postings and ended attempts outlive the due time beyond the retention: room for waiting, retries and the run
 * itself. After a week they are written again.
 */
const MARGIN_DAYS = 14;

/** How records are kept. */
interface Kept {
  /** How many partitions each hot index key is spread over. May grow, never shrink. */
  shards: number;
  /** How long after its end an execution can be found. */
  retentionDays: number;
}

/**
 * The item of an execution's record. Absent attributes keep it out of an index: `state_shard` once it has succeeded,
 * `wake_shard` and `wake_at` while it is fresh, and once it is final.
 */
export function toItem(execution: Execution, { shards, retentionDays }: Kept): Item {
  const { id, state, functionId: own, metadata, changes, ...rest } = execution;
  const shard = shardOf(id, shards);
  const place = wakePlaceOf(execution);
  return {
    id,
    kind: RECORD,
    state,
    // The SDK takes an object whose key is "constructor" for an instance of a class, but not a Map.
    data: { ...rest, metadata: new Map(Object.entries(metadata)), changes: changes?.map(encodeChange) },
    version: execution.version,
    shard: String(shard),
    function_shard: functionShard(own, shard),
    state_shard: stateShardOf(execution, shard),
    executed_by: execution.executedBy,
    ...(place !== undefined &&
      place.part !== "fresh" && { wake_shard: wakeShard(shard, place.part), wake_at: place.atMs }),
    expires_at: "finishedAtMs" in execution ? epochSeconds(execution.finishedAtMs, retentionDays) : undefined,
  };
}

function stateShardOf({ state, fresh }: Execution, shard: number): string | undefined {
  if (state === "succeed") return undefined;
  return fresh ? freshShard(state, shard) : stateShard(state, shard);
}

/**
 * The execution an item was made from. `undefined` for a forged one: a function can write items under ids with its own
 * tag, but must not make another function run, so a record counts only for the function that its id was made for.
 */
export function fromItem(item: Item): Execution | undefined {
  const { changes, ...data } = item["data"] as Omit<Execution, "changes"> & { changes?: unknown };
  const stored = { ...data, id: item["id"], state: item["state"] } as Execution;
  const execution: Execution = {
    ...stored,
    functionId: functionId(stored.functionName),
    ...(Array.isArray(changes) && { changes: changes.map(decodeChange).filter((it) => it !== undefined) }),
  };
  return functionTag(execution.functionId) === tagOf(execution.id) ? execution : undefined;
}

/**
 * The postings of an execution, by which lists find it. They expire on their own, and are written again before
 * they would: see `needsLongerKeeping`.
 */
export function toPostings(execution: Execution, kept: Kept): Item[] {
  const lastFromMs = keptFromMs(execution);
  return postingsOf(execution).map((posting) => ({
    ...toPosting(execution.id, posting, lastFromMs, kept),
    // Calls of a debounce may write theirs at once: none replaces the posting of a pair that the record has.
    ...(posting.of === "metadata" &&
      execution.debounced !== undefined && { kind: `metadata#${posting.key}=${posting.value}` }),
  }));
}

/** One posting of an execution, which is kept for the retention and some days more from `lastFromMs` on. */
export function toPosting(
  id: ExecutionId,
  { of, key, value }: Posting,
  lastFromMs: number,
  { shards, retentionDays }: Kept,
): Item {
  return {
    id,
    kind: of === "metadata" ? `metadata#${key}` : `posting${key}`,
    posting: postingShard(key, value, shardOf(id, shards)),
    expires_at: epochSeconds(lastFromMs, retentionDays + MARGIN_DAYS),
  };
}

/** The item of an ended attempt, which is kept for the retention and some days more from `fromMs` on. */
export function toAttemptItem(attempt: Attempt, fromMs: number, retentionDays: number): Item {
  const { executionId, number, ...data } = attempt;
  return {
    execution_id: executionId,
    number,
    data,
    expires_at: epochSeconds(fromMs, retentionDays + MARGIN_DAYS),
  };
}

export function fromAttemptItem(item: Item): Attempt {
  return {
    ...(item["data"] as Omit<Attempt, "executionId" | "number">),
    executionId: item["execution_id"] as ExecutionId,
    number: item["number"] as number,
  };
}

// DynamoDB's TTL attribute counts seconds.
function epochSeconds(ms: number, days: number): number {
  return Math.floor((ms + days * DAY_MS) / 1000);
}
