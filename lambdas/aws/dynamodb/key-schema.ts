import type { ExecutionId } from "../../core/ids.ts";

/**
 * Number of the key schema below. A folder of the local cloud that was written with another one is refused; on AWS a
 * change needs a migration, since CloudFormation makes or drops one index of a table per update.
 */
export const KEY_SCHEMA = 2;

/** Kind of an execution's own item. */
export const RECORD = "execution";

/**
 * Attributes of the indexes of the executions table, whose own key is `id` + `kind`. README.md lists the items: a new
 * kind of item uses these and needs no index of its own.
 */
export const indexKeys = {
  all: { partition: "shard", sort: "id" },
  function: { partition: "function_shard", sort: "id" },
  state: { partition: "state_shard", sort: "id" },
  executedBy: { partition: "executed_by", sort: "id" },
  metadata: { partition: "posting", sort: "id" },
  wake: { partition: "wake_shard", sort: "wake_at" },
} as const;

/** Key of an execution's record. */
export function recordKey(id: ExecutionId) {
  return { id, kind: RECORD };
}

export function slotsKey(functionId: string) {
  return { id: `slots#${functionId}`, kind: "slots" };
}

export function idempotencyKey(key: string) {
  return { id: `idempotency#${key}`, kind: "idempotency" };
}

/** Partition of the `function` index. */
export function functionShard(functionId: string, shard: number): string {
  return `${functionId}#${shard}`;
}

/** Partition of the `state` index. */
export function stateShard(state: string, shard: number): string {
  return `${state}#${shard}`;
}

/**
 * Partition of the `metadata` index. Two pairs with a `=` in them may share one, and a pair may share one with an
 * internal posting: lists check the record as well.
 */
export function postingShard(key: string, value: string, shard: number): string {
  return `${key}=${value}#${shard}`;
}

/** Partition of the `wake` index. What is known to wait stands apart, so that it never delays anything else. */
export function wakeShard(shard: number, isWaiting: boolean): string {
  return isWaiting ? `waiting#${shard}` : String(shard);
}
