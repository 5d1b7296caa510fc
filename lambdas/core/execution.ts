import type { Change } from "./changes.ts";
import { type ExecutionId, timeOf } from "./ids.ts";
import { LAST_MOMENT_MS } from "./limits.ts";

/**
 * A JSON text (or NDJSON, for logs): in the item itself, or in the object store, under the key that `payload-keys.ts`
 * makes of function and id. A record names no key: functions write records, and could name that of another.
 */
export type StoredPayload = { inline: string } | { bytes: number };

/** Why an attempt failed. The meanings are in the table of `attempt-error.ts`. */
export const errorCodes = ["ER0000", "ER0001", "ER0002", "ER0003"] as const;
export type ErrorCode = (typeof errorCodes)[number];

interface Debounced {
  /** Names the arguments, where they are an object: a call never changes those that a worker may have read. */
  version: string;
  /** The latest due time, by the calls so far. */
  untilMs?: number;
}

interface Common {
  id: ExecutionId;
  functionName: string;
  functionId: string;
  /** Place its last attempt ran, or the first is to run. @default "lambda" */
  compute?: "fargate";
  /** Counts the writes of the record: a decision made on an older version is not stored. */
  version: number;
  /** Counts the dispatches that are meant to happen: a message that names an older one is stale. */
  revision: number;
  /** How often a message of this revision had to be sent again. */
  dispatches: number;
  /** How often in a row it was due and its function was not deployed. */
  misses?: number;
  /** How often in a row it was found to wait behind others of its function. */
  waits?: number;
  /** Number of the current or last attempt, from 1. */
  attempt: number;
  createdAtMs: number;
  /** When the current attempt was asked for: with the execution, or by the failure of the attempt before. */
  attemptCreatedAtMs: number;
  updatedAtMs: number;
  scheduledAtMs: number;
  /** When somebody last gave the current attempt another due time. */
  rescheduledAtMs?: number;
  discardAfterMs?: number;
  /** `discardAfterMs` is its due time and this: it moves with that, and does not hold for a retry. */
  startTimeoutMs?: number;
  metadata: Readonly<Record<string, string>>;
  arguments: StoredPayload;
  /**
   * The sweep finds it by the time of its id, and its state's index has it apart: it needs no entry in the wake index.
   */
  fresh?: true;
  /** Its position in the wake index, if that is before its {@link wakeAtMs}. */
  indexedWakeAtMs?: number;
  /** The runner makes this execution's tokens from it; see `execution-token.ts`. */
  tokenSeed: string;
  executedBy?: ExecutionId;
  /** The execution that began the chain of `executedBy`; absent from that one itself. */
  root?: ExecutionId;
  rerunOf?: ExecutionId;
  /** Schedule whose tick, or run out of turn, it is. */
  scheduleName?: string;
  /** Name of the caller who made it, unless {@link createdByOf} can tell. */
  createdBy?: string;
  /** It waits for further calls, each of which replaces its arguments, until it starts. */
  debounced?: Debounced;
  /** How many executions this one follows up on, one after the other. */
  followUpDepth?: number;
  /** The latest changes, oldest first. */
  changes?: readonly Change[];
  /** The last bulk job that changed it. */
  job?: string;
  /** Kind of failure of the last attempt that has ended; see `failures/fingerprint.ts`. */
  errorFingerprint?: string;
}

export interface Created extends Common {
  state: "created";
  /** If it has not started by then, its message may be lost. */
  recheckAtMs: number;
  /** Its message could not be sent: the sweep sends it, however many others wait. */
  undispatched?: true;
  /** A message of this revision was put aside, since it failed again and again. */
  wasPutAside?: true;
  /**
   * Name of the lane in which it is parked: it has no message until it is handed a slot, or its function is resumed.
   */
  parkedIn?: string;
  /** The start that was reserved for this revision under the function's rate limit. */
  notBeforeMs?: number;
  /** The launch of a task for this revision, of a function on Fargate. */
  launch?: LaunchState;
}

/** A launch that no task has claimed the execution by yet. */
interface LaunchState {
  /** From 1. Rises only when the task before is known to have stopped: two tasks of one number are the same. */
  number: number;
  /** How many tasks of this revision stopped by a fault before they claimed it. */
  failures: number;
}

/** An attempt runs; while `aborting`, until its worker has obeyed. */
export interface Running extends Common {
  state: "started" | "aborting";
  startedAtMs: number;
  /** Until then the worker is believed to be alive. */
  leaseUntilMs: number;
  /** Number of the slot it runs in, if its function's lanes have any. */
  slot?: number;
  /** ARN of the task that runs it, of a function on Fargate. */
  task?: string;
  /** Log stream of the worker that runs it, if lines can be read from there. */
  logStream?: string;
}

interface Finished extends Common {
  finishedAtMs: number;
  /** Its follow-up is not made yet: the sweep announces its end again then. */
  followUpAtMs?: number;
}

export interface Failed extends Finished {
  state: "failed";
  /** Absent if it could not even be started. */
  startedAtMs?: number;
  errorCode: ErrorCode;
  /** Why it could not be started, if that is known. */
  reason?: "not_deployed";
  /** ECS's reason why the last task could not be started for it. */
  launchError?: string;
}

/** Succeeded, or stopped while it ran. */
export interface Completed extends Finished {
  state: "succeed" | "aborted";
  startedAtMs: number;
  /** Output of its only attempt, where it is small: that attempt has no item of its own. */
  output?: AttemptOutput;
}

/** Its current attempt never began. */
export interface NeverRun extends Finished {
  state: "cancelled" | "discarded";
}

/** The execution in whose name a new one is made. */
export interface Parent {
  id: ExecutionId;
  root: ExecutionId;
}

/** An execution as it is stored: a union by state, so that impossible records do not compile. */
export type Execution = Created | Running | Failed | Completed | NeverRun;

export type State = Execution["state"];

/** Every state, in the order in which an execution can pass through them. */
export const states = [
  "created",
  "started",
  "aborting",
  "succeed",
  "failed",
  "cancelled",
  "aborted",
  "discarded",
] as const satisfies readonly State[];

/** How an attempt ended. */
export type AttemptOutcome =
  | { state: "succeed" | "aborted" }
  | { state: "failed"; errorCode: ErrorCode; errorFingerprint?: string };

/** The result of an attempt, an error included, and its logs. An aborted attempt has no result. */
export interface AttemptOutput {
  result?: StoredPayload;
  logs: StoredPayload;
}

/** Record of an attempt that has ended. */
export interface Attempt {
  executionId: ExecutionId;
  number: number;
  createdAtMs: number;
  scheduledAtMs: number;
  startedAtMs: number;
  finishedAtMs: number;
  end: AttemptOutcome;
  /** Request of its error about the next attempt. */
  retry?: "never" | { atMs: number };
  /** The returned value as JSON, or the error as `{name, message, stack, cause?}`. An aborted attempt has none. */
  result?: StoredPayload;
  /** NDJSON: one `{time, stream, line}` for every line the attempt wrote. */
  logs: StoredPayload;
}

/** After its lease has ended a worker gets this long: the clocks of two machines never agree. */
const LEASE_GRACE_MS = 15_000;

/**
 * When someone must look at this execution, whatever happens to its messages; `undefined` once it is final and its
 * follow-up, if it has one, is made.
 */
export function wakeAtMs(execution: Execution): number | undefined {
  if (isRunning(execution)) return execution.leaseUntilMs + LEASE_GRACE_MS;
  return execution.state === "created" ? waitWakeAtMs(execution) : execution.followUpAtMs;
}

type Wait = Pick<Created, "recheckAtMs" | "discardAfterMs">;

// An execution past its start limit becomes `discarded` soon.
function waitWakeAtMs({ recheckAtMs, discardAfterMs = Infinity }: Wait): number {
  return Math.min(recheckAtMs, discardAfterMs + 1);
}

/** Whether it is known to wait: parked, for others of its function, or for the function to be deployed again. */
export function isKnownToWait(execution: Execution): boolean {
  if (execution.state !== "created") return false;
  const { waits = 0, misses = 0, parkedIn } = execution;
  return parkedIn !== undefined || waits + misses > 0;
}

/** States in which an execution can be fresh: most pass through these two only. */
export const freshStates = ["created", "started"] as const satisfies readonly State[];

/** A fresh execution is looked at so long after the time of its id: when one that is due at once is overdue. */
export const FRESH_MS = 60_000;

/** The parts in which the sweep looks for executions. */
export type WakePart =
  /** Fresh ones, by their ids. */
  | "fresh"
  /** Executions with an entry in the wake index, by its time. */
  | "timed"
  /** The same, of those that are known to wait. */
  | "waiting";

/** The parts that the sweep reads one by one: of the fresh ones what runs and what waits apart. */
export type OverduePart = (typeof freshStates)[number] | Exclude<WakePart, "fresh">;

/**
 * Returns where the sweep finds an execution, and from what time on: at its {@link wakeAtMs}, or up to two minutes
 * earlier. `undefined` once nobody must look at it.
 */
export function wakePlaceOf(execution: Execution): { part: WakePart; atMs: number } | undefined {
  if (execution.fresh) return { part: "fresh", atMs: timeOf(execution.id) + FRESH_MS };
  const atMs = execution.indexedWakeAtMs ?? wakeAtMs(execution);
  return atMs === undefined ? undefined : { part: isKnownToWait(execution) ? "waiting" : "timed", atMs };
}

const INDEXED_EARLY_MS = 120_000;

/** Fields that say where the sweep finds an execution. */
type WakePlace = Pick<Common, "fresh" | "indexedWakeAtMs">;

/** Returns the place of a new execution: it is fresh, unless it is to be looked at earlier or much later than those. */
export function firstWakePlace({ id, ...wait }: Pick<Created, "id"> & Wait): WakePlace {
  return isEarly(timeOf(id) + FRESH_MS, waitWakeAtMs(wait)) ? { fresh: true } : {};
}

/**
 * Returns the place of `next`, which was `previous`: an early one, where that saves writes. To move an entry costs two
 * write units, a look that comes too early one read unit. What has left the fresh ones never comes back, so whoever
 * reads those first misses nothing that moves.
 */
export function nextWakePlace(previous: Execution, next: Execution): WakePlace {
  const wake = wakeAtMs(next);
  if (wake === undefined) return {};
  if (previous.fresh) {
    const mayBeFresh = freshStates.some((state) => state === next.state) && !isKnownToWait(next);
    return mayBeFresh && isEarly(timeOf(next.id) + FRESH_MS, wake) ? { fresh: true } : {};
  }
  const place = previous.indexedWakeAtMs ?? wakeAtMs(previous);
  if (place === undefined || isKnownToWait(previous) !== isKnownToWait(next)) return {};
  return place < wake && isEarly(place, wake) ? { indexedWakeAtMs: place } : {};
}

function isEarly(place: number, wake: number): boolean {
  return place <= wake && wake - place <= INDEXED_EARLY_MS;
}

/** The execution that began the tree of `execution`. */
export function rootOf({ id, root = id }: Execution): ExecutionId {
  return root;
}

/** Name of whoever made an execution: a token, an execution, a schedule, the cron of its function. */
export function createdByOf({ createdBy, executedBy, scheduleName }: Execution): string | undefined {
  if (createdBy !== undefined) return createdBy;
  if (executedBy !== undefined) return executionName(executedBy);
  return scheduleName === undefined ? undefined : scheduleCaller(scheduleName);
}

/** Name of an execution as a caller. No token has a colon in its name. */
export function executionName(id: ExecutionId): string {
  return `execution:${id}`;
}

/** Name of a schedule as whoever makes or cancels an execution. */
export function scheduleCaller(name: string): string {
  return `schedule:${name}`;
}

/** Returns the limits of an execution's start that follow from the timeout of its function. */
export function startLimits(
  scheduledAtMs: number,
  startTimeoutMs: number,
  nowMs: number,
): { discardAfterMs: number; startTimeoutMs: number } {
  const discardAfterMs = Math.min(Math.max(scheduledAtMs, nowMs) + startTimeoutMs, LAST_MOMENT_MS);
  return { discardAfterMs, startTimeoutMs };
}

/** A pair by which lists find an execution. */
export interface Posting {
  /** Whether it is one of the execution's metadata; or else the service's own. */
  of: "metadata" | "service";
  key: string;
  value: string;
}

/** Key of the posting of what an execution is a re-run of: no key of metadata may share a partition with it. */
export const RERUN_OF = "#rerun_of";

/** The same of the schedule whose tick an execution is. */
export const SCHEDULE = "#schedule";

/** The same of the kind of failure that it ended with. */
export const ERROR_FINGERPRINT = "#error_fingerprint";

/** The pairs by which lists find an execution. */
export function postingsOf({ metadata, rerunOf, scheduleName, errorFingerprint }: Execution): Posting[] {
  return [
    ...Object.entries(metadata).map(([key, value]) => ({ of: "metadata" as const, key, value })),
    ...(rerunOf === undefined ? [] : [{ of: "service" as const, key: RERUN_OF, value: rerunOf }]),
    ...(scheduleName === undefined ? [] : [{ of: "service" as const, key: SCHEDULE, value: scheduleName }]),
    ...(errorFingerprint === undefined
      ? []
      : [{ of: "service" as const, key: ERROR_FINGERPRINT, value: errorFingerprint }]),
  ];
}

const WEEK_MS = 7 * 86_400_000;

/**
 * Whether the postings and ended attempts of an execution have to be kept longer with this change: they expire on their
 * own, and must not before an execution that is retried, postponed or kept waiting for weeks. Once for each week of its
 * life.
 */
export function needsLongerKeeping(previous: Execution, next: Execution): boolean {
  if ("finishedAtMs" in next || (next.attempt === 1 && postingsOf(next).length === 0)) return false;
  return weekOf(next, keptFromMs(next)) > weekOf(previous, keptFromMs(previous));
}

/** The moment from which postings and ended attempts of an execution are kept for the retention and some days more. */
export function keptFromMs({ scheduledAtMs, updatedAtMs }: Execution): number {
  return Math.max(scheduledAtMs, updatedAtMs);
}

/** The week of an execution's life that a moment is in, from 0. */
export function weekOf({ createdAtMs }: Pick<Execution, "createdAtMs">, atMs: number): number {
  return Math.floor((atMs - createdAtMs) / WEEK_MS);
}

/** When the current attempt could start at the earliest: not before its due time, nor before somebody asked for it. */
export function runnableAtMs({ scheduledAtMs, attemptCreatedAtMs, rescheduledAtMs = 0 }: Execution): number {
  return Math.max(scheduledAtMs, attemptCreatedAtMs, rescheduledAtMs);
}

/** When the current attempt may start: when it is due, and not before a start that was reserved for it. */
export function startableAtMs(execution: Execution): number {
  const notBeforeMs = execution.state === "created" ? execution.notBeforeMs : undefined;
  return Math.max(execution.scheduledAtMs, notBeforeMs ?? -Infinity);
}

export function isRunning(execution: Execution): execution is Running {
  return execution.state === "started" || execution.state === "aborting";
}

/**
 * Attempt `number` of an execution, in the shape of an execution. `ended` is what is kept of it, if it has ended.
 * `undefined`: there is no such attempt.
 */
export function attemptOf(execution: Execution, number: number, ended: Attempt | undefined): Execution | undefined {
  // The execution itself says best what became of its last attempt, also when it never began.
  if (number === execution.attempt) return { ...execution, createdAtMs: execution.attemptCreatedAtMs };
  if (number > execution.attempt || ended === undefined) return undefined;
  const {
    leaseUntilMs: _,
    errorCode: __,
    errorFingerprint: _______,
    reason: ___,
    slot: ____,
    task: _____,
    logStream: ________,
    launchError: ______,
    ...common
  } = execution as Common & Partial<Pick<Running, "leaseUntilMs" | "slot" | "task" | "logStream"> & Failed>;
  return {
    ...common,
    attempt: number,
    createdAtMs: ended.createdAtMs,
    attemptCreatedAtMs: ended.createdAtMs,
    updatedAtMs: ended.finishedAtMs,
    scheduledAtMs: ended.scheduledAtMs,
    startedAtMs: ended.startedAtMs,
    finishedAtMs: ended.finishedAtMs,
    ...ended.end,
  };
}
