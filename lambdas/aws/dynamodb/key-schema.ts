import { fingerprintPattern } from "../../core/failures/fingerprint.ts";
import type { ExecutionId } from "../../core/ids.ts";
import { jobKey } from "../../core/jobs/key.ts";
import type { Lane } from "../../core/lanes.ts";
import { FIRST_MOMENT_MS } from "../../core/limits.ts";
import { scheduleKey } from "../../core/schedules/key.ts";

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

/** Key of the slots and of what is parked in a lane. A name has the function's id right behind the kind. */
export function laneId({ functionId, name }: LaneKey): string {
  return `lane#${functionId}#${name}`;
}

export function slotKind(number: number): string {
  return `${SLOT}${number}`;
}

/** Begins the `kind` of each slot, and of each parked execution. */
export const SLOT = "slot#";
export const PARKED = "parked#";

/** Sorts by due time, which may be in the year 1. */
export function parkedKind(scheduledAtMs: number, id: ExecutionId): string {
  return `${PARKED}${String(scheduledAtMs - FIRST_MOMENT_MS).padStart(15, "0")}#${id}`;
}

export function markerKey({ functionId, name }: LaneKey) {
  return { id: `${MARKER}${functionId}#${name}`, kind: "marker" };
}

/** Reads the id of a marker. */
export function markedLane(id: string): LaneKey {
  const [, functionId = "", ...name] = id.split("#");
  return { functionId, name: name.join("#") };
}

/** Partition of the `wake` index in which the markers stand apart from executions. */
export function markerShard(shard: number): string {
  return `lanes#${shard}`;
}

export function rateKey(functionId: string, name: string) {
  return { id: `rate#${functionId}#${name}`, kind: "rate" };
}

export function pauseKey(functionId: string) {
  return { id: `pause#${functionId}`, kind: "pause" };
}

/** Partition of the buckets of a kind of failure. */
export function failureId(fingerprint: string, shard: number): string {
  return `${FAILURE}${fingerprint}#${shard}`;
}

export function failureKey(fingerprint: string, shard: number, hour: number) {
  return { id: failureId(fingerprint, shard), kind: `hour#${hour}` };
}

/** Reads the id of a bucket. */
export function fingerprintOf(id: string): string {
  return id.split("#")[1] ?? "";
}

export function hourOfKind(kind: string): number {
  return Number(kind.split("#")[1]);
}

/** Partition of the `all` index that tells what failed in an hour. */
export function seenShard(hour: number, shard: number): string {
  return `failures#${hour}#${shard}`;
}

export function resolutionKey(fingerprint: string) {
  return { id: `resolution#${fingerprint}`, kind: "resolution" };
}

const FAILURE = "failure#";

/** Patterns, for `StringLike` in a policy, of the ids of a function's own items other than its executions. */
export function ownItemPatterns(functionId: string) {
  return {
    lane: `lane#${functionId}#*`,
    marker: `${MARKER}${functionId}#*`,
    rate: `rate#${functionId}#*`,
    pause: pauseKey(functionId).id,
    failure: `${FAILURE}${fingerprintPattern(functionId)}#*`,
  };
}

const MARKER = "marker#";

type LaneKey = Pick<Lane, "functionId" | "name">;

export function idempotencyKey(key: string) {
  return { id: `idempotency#${key}`, kind: "idempotency" };
}

export function consoleCodeKey(id: string) {
  return { id: `console-code#${id}`, kind: "console-code" };
}

export function debounceKey(functionId: string, key: string) {
  return { id: `debounce#${functionId}#${key}`, kind: "debounce" };
}

export function schedulesKey(name: string) {
  return { id: scheduleKey(name), kind: "schedule" };
}

export function jobsKey(id: string) {
  return { id: jobKey(id), kind: "job" };
}

/** Partition of bulk jobs in the `all` index: one, since they are few, and progress does not change their place. */
export const JOBS_SHARD = "jobs#0";

/** Partition of schedules in the `all` index; of those of a function, in the `function` index. */
export function scheduleShard(shard: number, functionId?: string): string {
  return functionId === undefined ? `schedules#${shard}` : `schedules#${functionId}#${shard}`;
}

const TOKEN = "token#";

export function tokenKey(name: string) {
  return { id: `${TOKEN}${name}`, kind: "token" };
}

export function nameOfToken(id: string): string {
  return id.slice(TOKEN.length);
}

/** Partition of the named tokens in the `all` index. They are few. */
export const TOKEN_SHARD = "tokens#0";

/** Partition of the `function` index. */
export function functionShard(functionId: string, shard: number): string {
  return `${functionId}#${shard}`;
}

/** Partition of the `state` index. */
export function stateShard(state: string, shard: number): string {
  return `${state}#${shard}`;
}

/** Partition of the `state` index in which fresh executions stand apart: the sweep reads it by the time of the ids. */
export function freshShard(state: string, shard: number): string {
  return `fresh#${state}#${shard}`;
}

/**
 * Partition of the `metadata` index. Two pairs with a `=` in them may share one, and a pair may share one with an
 * internal posting: lists check the record as well.
 */
export function postingShard(key: string, value: string, shard: number): string {
  return `${key}=${value}#${shard}`;
}

/** Partition of the `wake` index. What is known to wait stands apart, so that it never delays anything else. */
export function wakeShard(shard: number, part: "timed" | "waiting"): string {
  return part === "waiting" ? `waiting#${shard}` : String(shard);
}
