import type { RingingAlarm } from "./alarms.ts";
import type { ApiToken } from "./api-token.ts";
import type { OpenedCode } from "./console-code.ts";
import type { Attempt, Created, Execution, OverduePart, StoredPayload } from "./execution.ts";
import type { CountedFailure, FailureBucket, Resolution } from "./failures/group.ts";
import type { FollowUpMessage } from "./follow-ups.ts";
import type { ExecutionId } from "./ids.ts";
import type { Job, JobTransition } from "./jobs/job.ts";
import type { JobKey } from "./jobs/key.ts";
import type { Lane, Slot } from "./lanes.ts";
import type { Partition } from "./listing/plan.ts";
import type { Range, Read, ReadPartition } from "./listing/union.ts";
import type { ScheduleKey } from "./schedules/key.ts";
import type { Schedule, ScheduleTransition } from "./schedules/schedule.ts";
import type { TaskExit } from "./task-exit.ts";
import type { Transition } from "./transitions/event.ts";

/** The executions' records. */
export interface Executions {
  /** Writes a new execution, its metadata postings first. `exists`: there is one of this id; nothing is changed. */
  create(execution: Created): Promise<"created" | "exists">;
  /**
   * Writes new executions, the metadata postings first, unconditionally: their ids must be new.
   * @returns the error of each that was not written, or may not have been
   */
  createMany(executions: readonly Created[]): Promise<ReadonlyMap<ExecutionId, unknown>>;
  /** Reads the record as it is now (strongly consistent). */
  get(id: ExecutionId): Promise<Execution | undefined>;
  /** Reads the records of these ids, for lists: up to a second old, without those that do not exist. */
  getMany(ids: readonly ExecutionId[]): Promise<Map<ExecutionId, Execution>>;
  /** One conditional write. `lost`: somebody changed the record first; re-read and decide again. */
  apply(transition: Transition): Promise<"applied" | "lost">;
}

/** The indexes of the executions: sorted lists of ids, up to a second old. */
export interface Indexes {
  /** How many partitions each hot list is spread over. */
  shards: number;
  /** One request, for up to `range.limit` ids. */
  read: ReadPartition<Partition, ExecutionId>;
  /**
   * The executions, schedules and jobs that somebody was to look at by `nowMs`, in pages: the longest overdue first.
   * After a reader who left before the last page the next one begins with the rest, and then comes to the front: a read
   * that is always cut short comes to the end of a backlog all the same.
   */
  overdue(
    from: { shard: number; part: OverduePart },
    nowMs: number,
  ): AsyncIterable<readonly (ExecutionId | ScheduleKey | JobKey)[]>;
}

/** The request behind an idempotency key. */
export interface KeyedRequest {
  executionId: ExecutionId;
  /** Hash of the whole request: the same key with another fingerprint is another request. */
  fingerprint: string;
  createdAtMs: number;
}

/** The execution that waits, or waited, for further calls of a key. */
export interface Bound {
  executionId: ExecutionId;
  /** Time of the first call. */
  createdAtMs: number;
  expiresAtMs: number;
}

/** Keys of debounced executions, of each function. */
export interface Debounces {
  /** Reads strongly consistently. */
  get(functionId: string, key: string): Promise<Bound | undefined>;
  /** Binds a key that is bound to `previous`, or to nothing. Returns `false` if somebody was quicker. */
  bind(functionId: string, key: string, bound: Bound, previous: ExecutionId | undefined): Promise<boolean>;
}

export interface IdempotencyKeys {
  /** Binds `key` to `request`, unless it is bound already. Returns what it is bound to. Kept for a day at least. */
  claim(key: string, request: KeyedRequest): Promise<KeyedRequest>;
}

/** One-time codes of the console that have been used; see `console-code.ts`. */
export interface ConsoleCodes {
  /** Marks a code as used. `false`: it was used before. */
  use(code: Pick<OpenedCode, "id" | "untilMs">): Promise<boolean>;
}

/** Records of attempts that have ended. */
export interface Attempts {
  /** Stores an attempt, once: `exists` when that attempt was written before, and then nothing is changed. */
  record(attempt: Attempt): Promise<"recorded" | "exists">;
  /** Keeps an attempt that was read for longer: for the retention and some days more from `fromMs` on. */
  keep(attempt: Attempt, fromMs: number): Promise<void>;
  get(executionId: ExecutionId, number: number): Promise<Attempt | undefined>;
  /** Reads those of these attempts that have ended, by number. */
  getMany(executionId: ExecutionId, numbers: readonly number[]): Promise<Map<number, Attempt>>;
}

/**
 * Arguments, results and logs. What is no longer kept is a DomainError `not_found`, in every call but `store`; S3 says
 * so only to those who may list the bucket, which the Lambdas of functions may not.
 */
export interface Payloads {
  /** Keeps `text`: in place up to `inlineBytes`, else in the object store under `key`. */
  store(key: string, text: string, inlineBytes: number, contentType: string): Promise<StoredPayload>;
  /** @param key where it was stored, if it is an object; the same below */
  read(payload: StoredPayload, key: string): Promise<string>;
  /** Keeps the same text once more, so that it outlives the first: in place, or as an object under `to`. */
  copy(payload: StoredPayload, from: string, to: string): Promise<StoredPayload>;
  /** Lets a payload go when the retention is over, counted from now: it is of something that has ended. */
  expire(payload: StoredPayload, key: string, contentType: string): Promise<void>;
  /** Lets the retention of a payload of an ended attempt begin once more, if it is still kept. */
  renew(payload: StoredPayload, key: string, contentType: string): Promise<void>;
  /** A URL that whoever holds it can read the object from, for some minutes. */
  link(key: string): Promise<string>;
}

/** "This execution is due": what travels through the queues. */
export interface DueMessage {
  executionId: ExecutionId;
  revision: number;
  functionName: string;
  scheduledAtMs: number;
  /** Messages of one group never hold up those of others: see `fairness.ts`. */
  group?: string | undefined;
  /** One before it was put aside by its queue, since it failed again and again. */
  wasPutAside?: true | undefined;
}

/** Fires messages that are due further ahead than the queues reach: each goes to the fire queue within the minute. */
export interface Timer {
  /** A message that is with the timer already stays as it is. */
  set(message: DueMessage, atMs: number): Promise<void>;
  /** Takes a message back, if it is there. */
  clear(executionId: ExecutionId, revision: number): Promise<void>;
}

/** A message as it was parked. */
export interface ParkedMessage extends DueMessage {
  /** Identifies this parking: the same message may be parked again. */
  parking: string;
}

/** Slots and parked executions of lanes; see `lanes.ts`. All reads are strongly consistent. */
export interface Lanes {
  /** How many lanes a paused function is spread over. */
  shards: number;
  /** The slots that somebody has, or had and did not give back. */
  slots(lane: Lane): Promise<readonly Slot[]>;
  /** Takes a slot that still is as `previous` says, or that nobody has. `false`: somebody was quicker. */
  take(lane: Lane, slot: Slot, previous: Slot | undefined): Promise<boolean>;
  /**
   * Holds a slot until `untilMs`, as long as it is the same attempt's, of the same revision: a slot that was given back
   * stays so.
   */
  renew(lane: Lane, slot: Slot): Promise<void>;
  /** Gives a slot back, if it is the same attempt's, of the same revision. */
  free(lane: Lane, slot: Omit<Slot, "untilMs">): Promise<void>;
  /** Gives a slot back, unless somebody has renewed it or taken it since it was read. */
  freeUnchanged(lane: Lane, slot: Slot): Promise<void>;
  /** The first of what is parked, by due time. */
  parked(lane: Lane, limit: number): Promise<readonly ParkedMessage[]>;
  isParked(lane: Lane, message: DueMessage): Promise<boolean>;
  /** Parks a message, and marks the lane, so that the sweep finds it. Twice is the same as once. */
  park(lane: Lane, message: DueMessage): Promise<void>;
  /**
   * Takes a message of this revision out. With `parking`, only if it was not parked again since. Returns `true` to one
   * only, of all who take it out.
   */
  unpark(lane: Lane, message: DueMessage & Partial<ParkedMessage>): Promise<boolean>;
  /** The lanes that are marked, up to a second old, in pages; without their functions' names. */
  marked(shard: number): AsyncIterable<readonly Omit<Lane, "functionName">[]>;
  /** How many executions of a function are parked: counts up to `most`. */
  countParked(functionId: string, most: number): Promise<number>;
  /** Identifies the last time that something was parked in a lane; `undefined` if it is not marked. */
  mark(lane: Lane): Promise<string | undefined>;
  /** Takes the mark away, unless something was parked since. */
  unmark(lane: Lane, mark: string): Promise<void>;
}

/** Rates of functions and of values of metadata keys. */
export interface Rates {
  /**
   * Moves the theoretical arrival time of a rate on by `intervalMs`, from now if it is past. Returns what it was
   * before, or `nowMs`.
   */
  advance(functionId: string, name: string, intervalMs: number, nowMs: number): Promise<number>;
}

/** Identifies a launch of a task. */
export interface Launch {
  executionId: ExecutionId;
  revision: number;
  functionName: string;
  /** See `LaunchState` of the execution. */
  number: number;
}

/** A task that runs no more. */
export interface StoppedTask {
  /** Its ARN. */
  task: string;
  /** The launch it was started by. */
  launch: Launch;
  exit: TaskExit;
}

/** Tasks on Fargate. */
export interface Tasks {
  /**
   * Starts the task of a launch, and returns its ARN: once, however often it is asked.
   * @throws DomainError `unavailable` where there is no capacity for it now
   */
  run(launch: Launch): Promise<string>;
  /** How the task of a launch has stopped; `undefined` as long as it has not. */
  findStopped(task: string, launch: Launch): Promise<StoppedTask | undefined>;
}

/** When a function was paused, and the name of the caller who did. */
export interface Pause {
  atMs: number;
  by?: string | undefined;
}

/** The functions that are paused. */
export interface Pauses {
  /** `maxAgeMs`: the answer may be that old. */
  isPaused(functionId: string, maxAgeMs: number): Promise<boolean>;
  /** Reads who paused the function and when, as it is now. `undefined`: it is not paused. */
  get(functionId: string): Promise<Pause | undefined>;
  /** `by`: the caller's name, for the record. */
  pause(functionId: string, by?: string): Promise<void>;
  resume(functionId: string): Promise<void>;
}

/** Schedules that users make at run time, by name. */
export interface Schedules {
  /** Reads the schedule as it is now (strongly consistent). */
  get(name: string): Promise<Schedule | undefined>;
  /** Reads those of these schedules that exist, for lists: up to a second old. */
  getMany(names: readonly string[]): Promise<Map<string, Schedule>>;
  /** `exists`: there is one of this name; nothing is changed. */
  create(schedule: Schedule): Promise<"created" | "exists">;
  /** One conditional write. `lost`: somebody changed or removed it first. */
  apply(transition: ScheduleTransition): Promise<"applied" | "lost">;
  /** Removes the schedule, unless somebody has changed or removed it first. */
  remove(schedule: Schedule): Promise<"removed" | "lost">;
  /** How many partitions the lists of names are spread over. */
  shards: number;
  /** Reads one request's worth of names, up to a second old. */
  read: ReadPartition<SchedulePartition, string>;
}

/** One sorted list of names: of all schedules, or of those of a function. */
export interface SchedulePartition {
  functionId?: string;
  shard: number;
}

/** Wakes a schedule up for a tick. With what tells the executions of that revision: a stale message takes them back. */
export interface TickMessage extends Pick<Schedule, "revision" | "functionId" | "ticks"> {
  schedule: string;
  scheduleId: string;
  tickMs: number;
}

/** The queue of ticks, which no function can write to, and the timer before it. */
export interface TickMessages {
  /** `delaySeconds`: a whole number from 0 to 900. */
  send(message: TickMessage, delaySeconds: number): Promise<void>;
  /** Leaves the message with the timer, which sends it within the minute after `atMs`. */
  sendAt(message: TickMessage, atMs: number): Promise<void>;
  /** Takes a message back from the timer, if it is there. */
  takeBack(message: TickMessage): Promise<void>;
}

/** A line that a running attempt has written. */
export interface LiveLine {
  /** From 1, within the attempt: the place it will have in the stored log. */
  number: number;
  time: string;
  stream: "stdout" | "stderr";
  line: string;
}

/** The process that runs an attempt: on Lambda known by its log stream, on Fargate by the ARN of its task. */
export type Worker = { logStream: string } | { task: string };

/** The lines of attempts that run, a few seconds behind. */
export interface LiveLogs {
  /** Reads what an attempt that began at `sinceMs` has written so far. Rejects if that cannot be read now. */
  read(attempt: {
    functionName: string;
    worker: Worker;
    executionId: ExecutionId;
    attempt: number;
    sinceMs: number;
  }): Promise<readonly LiveLine[]>;
}

/** The counts of failed attempts. */
export interface FailureCounter {
  /** Counts a failure, and lets lists find its execution by the fingerprint. Tries once: exact without faults. */
  count(failure: CountedFailure): Promise<void>;
}

/** The counted failures, up to a second old; resolutions are current. */
export interface FailureGroups {
  /** How many partitions an hour is spread over. */
  shards: number;
  /** Fingerprints of what failed in an hour. */
  seenIn(hour: number): Promise<readonly string[]>;
  buckets(fingerprint: string): Promise<readonly FailureBucket[]>;
  resolution(fingerprint: string): Promise<Resolution | undefined>;
  /** Notes a resolution; `undefined` takes it back. */
  resolve(fingerprint: string, resolution: Resolution | undefined): Promise<void>;
}

/** Jobs of the bulk Lambda. */
export interface Jobs {
  /** Reads the job as it is now (strongly consistent). */
  get(id: string): Promise<Job | undefined>;
  /** Reads those of these jobs that exist, for lists: up to a second old. */
  getMany(ids: readonly string[]): Promise<Map<string, Job>>;
  /** `exists`: there is one of this id; nothing is changed. */
  create(job: Job): Promise<"created" | "exists">;
  /** One conditional write. `lost`: somebody changed the job first. */
  apply(transition: JobTransition): Promise<"applied" | "lost">;
  /** Reads one request's worth of ids of bulk jobs, which sort by time; up to a second old. */
  read(range: Range): Promise<Read<string>>;
}

/** Asks for a step of a job. */
export interface JobMessage {
  jobId: string;
  step: number;
}

/** The queue of the bulk Lambda, which no function can write to. */
export interface JobMessages {
  /** `delaySeconds`: a whole number from 0 to 900. */
  send(message: JobMessage, delaySeconds: number): Promise<void>;
}

/** A message and the queue it is for, as the methods of {@link Dispatcher} say. */
export type AddressedMessage = { message: DueMessage; delaySeconds: number } & (
  | { to: "function"; fifo: boolean }
  | { to: "fire" }
);

/** The queues. `delaySeconds` is a whole number from 0 to 900. */
export interface Dispatcher {
  /** To the function's own queue. A FIFO queue takes no delay. */
  toFunction(message: DueMessage, options: { fifo: boolean; delaySeconds: number }): Promise<void>;
  /** To the fire queue, which sends it on when it is due. */
  toFire(message: DueMessage, delaySeconds: number): Promise<void>;
  /** To the fire queue: an end that has a follow-up. */
  announceEnd(message: FollowUpMessage, delaySeconds: number): Promise<void>;
  /**
   * Sends many with few requests, those to a FIFO queue in their order.
   * @returns the error of each execution whose message was not sent, or may not have been
   */
  sendMany(messages: readonly AddressedMessage[]): Promise<ReadonlyMap<ExecutionId, unknown>>;
  /** About how many messages are in the function's own queue. */
  backlog(functionName: string, options: { fifo: boolean }): Promise<Backlog>;
}

export interface Backlog {
  /** Messages that wait for somebody to take them. */
  waiting: number;
  /** Messages that somebody has taken: they run, or failed and come again soon. */
  taken: number;
}

/** A message that its queue has put aside, since it failed again and again. */
export interface DeadLetter {
  message: DueMessage;
  /** The queue's own name for this delivery of it. */
  receipt: string;
}

export interface DeadLetters {
  /** The dead letters of executions, in pages. Those that are not removed are there again within a minute. */
  read(): AsyncIterable<readonly DeadLetter[]>;
  remove(letter: DeadLetter): Promise<void>;
}

/**
 * The secrets callers prove themselves with: the current value first, then the previous one. `maxAgeMs`: none is older
 * than that, as far as it can be helped; without it, the previous one may be missing where nobody has shown it yet.
 */
export interface Tokens extends SigningKeys {
  apiTokens(maxAgeMs?: number): Promise<readonly [string, ...string[]]>;
}

/** Named tokens of the API. */
export interface NamedTokens {
  /** `maxAgeMs`: the answer may be that old. An expired token may still be there. */
  get(name: string, maxAgeMs: number): Promise<ApiToken | undefined>;
  /** Reads all, in any order, up to a second old; expired ones may be among them. */
  list(): Promise<ApiToken[]>;
  /** `exists`: another token has this name and has not expired; nothing is changed. */
  create(token: ApiToken): Promise<"created" | "exists">;
  remove(name: string): Promise<"removed" | "unknown">;
}

/** Alarms of the deployment. */
export interface Alarms {
  /** Reads those that ring, in any order. */
  ringing(): Promise<readonly RingingAlarm[]>;
}

export interface SigningKeys {
  signingKeys(maxAgeMs?: number): Promise<readonly [string, ...string[]]>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}
