import type { ErrorResult } from "../attempt-error.ts";
import type { Execution } from "../execution.ts";
import type { ExecutionId } from "../ids.ts";

/** Hours that a group tells of: a week. */
export const GROUP_HOURS = 7 * 24;

export const HOUR_MS = 3_600_000;

/** A bucket is kept for the week that groups tell of, and a day more. */
export const BUCKET_KEPT_HOURS = GROUP_HOURS + 24;

/** Bytes of a name and of a message that a group shows: all of a bucket fits into one write unit. */
const MAX_NAME_BYTES = 100;
const MAX_MESSAGE_BYTES = 400;

/** A failed attempt, as its group counts it. */
export interface CountedFailure {
  fingerprint: string;
  executionId: ExecutionId;
  functionName: string;
  errorName: string;
  message: string;
  atMs: number;
}

/** The failures of one kind within an hour, of the executions of one shard. */
export interface FailureBucket {
  /** Hours since 1970. */
  hour: number;
  count: number;
  firstAtMs: number;
  lastAtMs: number;
  functionName: string;
  errorName: string;
  message: string;
  /** The last execution that failed so. */
  sample: ExecutionId;
}

export const resolutions = ["open", "resolved", "ignored"] as const;
export type GroupState = (typeof resolutions)[number];

/** The decision of an operator about a group. */
export interface Resolution {
  state: Exclude<GroupState, "open">;
  atMs: number;
  by?: string;
}

/** Failures of one kind within a week. */
export interface FailureGroup {
  fingerprint: string;
  state: GroupState;
  functionName: string;
  errorName: string;
  message: string;
  count: number;
  /** Hours in which it happened, oldest first. */
  byHour: readonly { hour: number; count: number }[];
  firstAtMs: number;
  lastAtMs: number;
  sample: ExecutionId;
  resolution?: Resolution;
}

/** Returns a failure as it is counted, its texts cut to what a group shows. */
export function countedFailure(
  fingerprint: string,
  { id, functionName }: Pick<Execution, "id" | "functionName">,
  { name, message }: ErrorResult,
  atMs: number,
): CountedFailure {
  const errorName = cut(name, MAX_NAME_BYTES);
  return { fingerprint, executionId: id, functionName, errorName, message: cut(message, MAX_MESSAGE_BYTES), atMs };
}

export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

/**
 * Puts a group together from its buckets. A resolved one that has failed since is open again.
 * @returns `undefined` if there are none
 */
export function groupOf(
  fingerprint: string,
  buckets: readonly FailureBucket[],
  resolution: Resolution | undefined,
): FailureGroup | undefined {
  const [latest] = buckets.toSorted((a, b) => b.lastAtMs - a.lastAtMs);
  if (latest === undefined) return undefined;
  const hours = Map.groupBy(buckets, ({ hour }) => hour);
  const byHour = [...hours].map(([hour, same]) => ({ hour, count: sum(same) })).sort((a, b) => a.hour - b.hour);
  const isReopened = resolution?.state === "resolved" && latest.lastAtMs > resolution.atMs;
  const { functionName, errorName, message, lastAtMs, sample } = latest;
  return {
    ...{ fingerprint, functionName, errorName, message, lastAtMs, sample, byHour },
    state: resolution === undefined || isReopened ? "open" : resolution.state,
    count: sum(buckets),
    firstAtMs: Math.min(...buckets.map(({ firstAtMs }) => firstAtMs)),
    ...(resolution !== undefined && !isReopened && { resolution }),
  };
}

function sum(buckets: readonly FailureBucket[]): number {
  return buckets.reduce((total, { count }) => total + count, 0);
}

function cut(text: string, bytes: number): string {
  // A character that is cut in half is left out.
  return new TextDecoder()
    .decode(new TextEncoder().encode(text.toWellFormed()).slice(0, bytes))
    .replace(/\ufffd+$/, "");
}
