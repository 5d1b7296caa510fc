import { createHash } from "node:crypto";
import { v5, v7 } from "uuid";

/** The namespace of function ids. It is part of the contract: the same name has the same id for ever. */
const FUNCTION_NAMESPACE = "bba10ff8-f1ea-4db9-8302-8042cbfbc990";

/** A UUID v7, lower case. */
export type ExecutionId = string & { readonly brand: "ExecutionId" };

/** A reference to an execution, or to one of its attempts (`<execution id>.<number>`). */
export interface ExecutionReference {
  executionId: ExecutionId;
  attempt?: number;
}

const REFERENCE = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.([1-9][0-9]{0,5}))?$/i;

/**
 * Returns a new id for an execution of `functionId`. Ids sort by `nowMs`, and at random within a millisecond; 42 bits
 * are random. The function's tag lies in the last group: a policy can tell by an id whose execution it is.
 * @param random 16 random bytes
 */
export function newExecutionId(nowMs: number, random: Uint8Array, functionId: string): ExecutionId {
  const id = v7({ msecs: nowMs, random });
  return `${id.slice(0, TAG_AT)}${functionTag(functionId)}${id.slice(TAG_AT + TAG_DIGITS)}` as ExecutionId;
}

/** Position and length of the function's tag in an execution id: 32 bits. */
const TAG_AT = 24;
const TAG_DIGITS = 8;

/** Tag of a function in the ids of its executions. No two functions of a deployment have the same: the build checks. */
export function functionTag(functionId: string): string {
  return functionId.slice(0, TAG_DIGITS);
}

/** Tag of the function that an execution id was made for. */
export function tagOf(id: ExecutionId): string {
  return id.slice(TAG_AT, TAG_AT + TAG_DIGITS);
}

/**
 * Pattern of the ids of a function's executions, for `StringLike` in a policy. `?` and never `*`: it must fit nothing
 * but execution ids.
 */
export function idPattern(functionId: string): string {
  return `????????-????-7???-????-${functionTag(functionId)}????`;
}

/** The id of the execution of one tick of a function's cron: the same however often the tick is delivered. */
export function tickExecutionId(deployedId: string, tickMs: number): ExecutionId {
  const digest = createHash("sha256").update(`${deployedId} ${tickMs}`).digest();
  return newExecutionId(tickMs, digest.subarray(0, 16), deployedId);
}

/** Returns the id of the execution of `functionId` that follows up on one that has ended: always the same. */
export function followUpExecutionId(
  { id, finishedAtMs }: { id: ExecutionId; finishedAtMs: number },
  functionId: string,
): ExecutionId {
  const digest = createHash("sha256").update(`follow-up ${id}`).digest();
  return newExecutionId(finishedAtMs, digest.subarray(0, 16), functionId);
}

/** Returns a new id for a schedule. */
export function newScheduleId(nowMs: number, random: Uint8Array): string {
  return v7({ msecs: nowMs, random });
}

/** Returns a new id for a bulk job: ids sort by `nowMs`. */
export function newJobId(nowMs: number, random: Uint8Array): string {
  return v7({ msecs: nowMs, random });
}

/**
 * Id of the execution of one tick of a schedule, the same however often the tick is delivered. Its time is the tick's.
 */
export function scheduledExecutionId(
  { scheduleId, revision, functionId }: { scheduleId: string; revision: number; functionId: string },
  tickMs: number,
): ExecutionId {
  const digest = createHash("sha256").update(`${scheduleId} ${revision} ${tickMs}`).digest();
  return newExecutionId(tickMs, digest.subarray(0, 16), functionId);
}

/** Returns a tick's share of a jitter of up to `maxMs`: always the same for the same tick. */
export function scheduleJitter(scheduleId: string, tickMs: number, maxMs: number): number {
  const digest = createHash("sha256").update(`jitter ${scheduleId} ${tickMs}`).digest();
  return Math.floor((digest.readUInt32BE() / 2 ** 32) * (maxMs + 1));
}

/** The id of the function called `name`: UUID v5, the same in every deployment. */
export function functionId(name: string): string {
  return v5(name, FUNCTION_NAMESPACE);
}

/** Reads an id a caller sent; `undefined` when it is neither an execution's nor an attempt's. */
export function parseReference(text: string): ExecutionReference | undefined {
  const match = REFERENCE.exec(text);
  if (match?.[1] === undefined) return undefined;
  const executionId = match[1].toLowerCase() as ExecutionId;
  return match[2] === undefined ? { executionId } : { executionId, attempt: Number(match[2]) };
}

/**
 * The shard an id belongs to, 0 … shards - 1, from the id's random part, so that executions created in the same
 * second spread over DynamoDB's partitions (1,000 writes per second each).
 */
export function shardOf(id: ExecutionId, shards: number): number {
  return Number.parseInt(id.slice(-4), 16) % shards;
}

/** When an execution was created, in milliseconds since 1970, by its id. Source: RFC 9562, UUID version 7. */
export function timeOf(id: ExecutionId): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** A text that sorts behind every id made until `ms`, and before every later one. */
export function behindIdsUntil(ms: number): string {
  const hex = Math.min(Math.max(0, Math.floor(ms)), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}~`;
}

/** The id of attempt `number` of an execution. */
export function attemptId(executionId: ExecutionId, number: number): string {
  return `${executionId}.${number}`;
}

/** An attempt's number as a text that sorts as the number does. */
export function attemptKey(number: number): string {
  return String(number).padStart(6, "0");
}

/** Whether `text` is an execution's id in the form in which it is kept. */
export function isExecutionId(text: string): text is ExecutionId {
  const reference = parseReference(text);
  return reference?.attempt === undefined && reference?.executionId === text;
}

/** Whether `text` is what {@link attemptKey} makes. */
export function isAttemptKey(text: string): boolean {
  return /^[0-9]{6}$/.test(text);
}
