import { type Circumstances, changesAfter } from "./changes.ts";
import {
  type AttemptOutcome,
  type AttemptOutput,
  type Created,
  type Execution,
  isRunning,
  needsLongerPostings,
  nextWakePlace,
  type Running,
  type State,
  type StoredPayload,
  startableAtMs,
  startLimits,
  wakeAtMs,
} from "./execution.ts";
import { type FollowUps, followUpOf } from "./follow-ups.ts";
import { LAST_MOMENT_MS, MAX_DELAY_SECONDS } from "./limits.ts";

/** Events of an execution. */
export type Event =
  /** A message arrived, and nothing holds it up; with the number of its slot, where it needs one (`lanes.ts`). */
  | {
      type: "start";
      revision: number;
      leaseMs: number;
      slot?: number;
      task?: string | undefined;
      logStream?: string | undefined;
    }
  /** The same of a function on Fargate: a task is launched for it, and has until then to claim it. */
  | { type: "launch"; revision: number; leaseMs: number; notBeforeMs?: number | undefined }
  /** The task of this launch has stopped; `fault` says what went wrong, if something did. */
  | { type: "task_stopped"; revision: number; number: number; fault?: string | undefined }
  /** A message arrived, and the function has no capacity for it and does not want it to wait. */
  | { type: "reject"; revision: number }
  /** A message arrived, and it was parked in this lane; its reserved start, if it has one, stays its own. */
  | { type: "park"; revision: number; lane: string; notBeforeMs?: number | undefined }
  /** A message arrived, and its rate limit allows it to start at this time. */
  | { type: "reserve"; revision: number; notBeforeMs: number }
  /** Its worker is alive. */
  | { type: "renew"; attempt: number; leaseMs: number }
  /** `output`: kept in the record, of an attempt that has no item of its own. */
  | {
      type: "finish";
      attempt: number;
      end: AttemptOutcome;
      retryAfterMs?: number | undefined;
      output?: AttemptOutput | undefined;
    }
  /** With a seed of tokens that last as long as it does now. */
  | {
      type: "reschedule";
      scheduledAtMs: number;
      tokenSeed?: string | undefined;
      job?: string | undefined;
      by?: string | undefined;
    }
  /** Another call of its debounce. */
  | {
      type: "debounce";
      scheduledAtMs: number;
      debounced: NonNullable<Execution["debounced"]>;
      arguments: StoredPayload;
      metadata: Readonly<Record<string, string>>;
      discardAfterMs?: number | undefined;
      /** The start timeout of its function. */
      startTimeoutMs?: number | undefined;
      tokenSeed: string;
      by?: string | undefined;
    }
  /** `by`: the caller's name, here and above; `job`: the bulk job that wants it, which changes an execution once. */
  | { type: "cancel"; force: boolean; job?: string | undefined; by?: string | undefined }
  /** The message of this revision could not be sent. */
  | { type: "undispatched"; revision: number }
  /** It did not start although it was due, and its message is sent again. */
  | { type: "send_again" }
  /** It did not start because others are before it. */
  | { type: "wait" }
  /** It cannot start: its function is not deployed now. */
  | { type: "miss" }
  /** It could not be started, however often it was sent or its function was looked for. */
  | { type: "give_up"; attempt: number; reason?: "not_deployed"; errorFingerprint?: string }
  /** Its end is announced again, since its follow-up is not made yet. */
  | { type: "announce_again" }
  /** Its follow-up is made, or there will be none. */
  | { type: "followed" };

/** A decision, stored by one conditional write: only if the record still has that version. */
export interface Transition<To extends Execution = Execution> {
  from: Pick<Execution, "id" | "version" | "state" | "revision">;
  to: To;
  /** Its metadata postings are to be written again first. */
  extendsPostings?: true;
}

/** Why nothing is to be written. */
export type Refusal =
  /** The message or the worker belongs to an earlier revision or attempt. */
  | { refused: "stale" }
  /** The same bulk job has done it already. */
  | { refused: "repeated" }
  /** `remainingMs`: time until the execution is due. */
  | { refused: "early"; remainingMs: number }
  | { refused: "wrong_state"; state: State };

/** An execution that has not started this long after its due time may have lost its message. */
const OVERDUE_MS = 60_000;

/** One that waits behind others is looked at again after this long: each look costs a few write units. */
const WAITS_MS = [300_000, 3_600_000, 21_600_000] as const;

const FIRST_LAUNCH_WAIT_SECONDS = 30;

/** After this many tasks that stopped by a fault before they claimed their execution, over forty minutes, it fails. */
const MAX_LAUNCH_FAILURES = 8;

/** How many of the longest waits make a day. */
const LONG_WAITS_A_DAY = 4;

/** A function that is not deployed is looked for again after this long: whoever puts it back need not wait for hours. */
const MISS_MS = 1_800_000;

/** A follow-up that is not made this long after the end may have lost its message. */
const FOLLOW_UP_MS = 60_000;

/**
 * The rules of an execution's life: what becomes of `execution` when `event` happens at `nowMs`. An end that has one of
 * `followUps` waits for it. Pure; the table of all (state, event) pairs is its test.
 */
export function next(
  execution: Execution,
  event: Event,
  nowMs: number,
  followUps: FollowUps = {},
): Transition | Refusal {
  if ("job" in event && event.job !== undefined && event.job === execution.job) return { refused: "repeated" };
  switch (event.type) {
    case "start":
    case "launch":
    case "reject":
      return start(execution, event, nowMs, followUps);
    case "task_stopped":
      return taskStopped(execution, event, nowMs, followUps);
    case "park":
      return park(execution, event, nowMs);
    case "reserve":
      return reserve(execution, event, nowMs);
    case "renew":
      return renew(execution, event, nowMs);
    case "finish":
      return finish(execution, event, nowMs, followUps);
    case "reschedule":
      return reschedule(execution, event, nowMs);
    case "debounce":
      return debounce(execution, event, nowMs);
    case "cancel":
      return cancel(execution, event, nowMs);
    case "undispatched":
      return markUndispatched(execution, event.revision, nowMs);
    case "send_again":
    case "wait":
    case "miss":
    case "give_up":
      return unstick(execution, event, nowMs, followUps);
    case "announce_again":
    case "followed":
      return waitForFollowUp(execution, event.type, nowMs);
  }
}

/** When to look at an execution that waits for `scheduledAtMs`, after its message was sent again `dispatches` times. */
export function recheckAtMs(scheduledAtMs: number, nowMs: number, dispatches = 0): number {
  return Math.max(scheduledAtMs, nowMs) + OVERDUE_MS * 2 ** dispatches;
}

/** Whether an execution has waited for more than an hour when the sweep finds once more that it waits. */
export function isLongWait({ waits = 0 }: Created): boolean {
  return waits >= WAITS_MS.length - 1;
}

/**
 * Whether an execution that the sweep finds waiting behind others is sent again all the same, once a day: its message may
 * be lost, and a queue that is never empty would hide that for ever.
 */
export function isSentThoughWaiting({ waits = 0 }: Created): boolean {
  const longWaits = waits - WAITS_MS.length + 1;
  return longWaits > 0 && longWaits % LONG_WAITS_A_DAY === 0;
}

function start(
  execution: Execution,
  event: Event & { type: "start" | "launch" | "reject" },
  nowMs: number,
  followUps: FollowUps,
): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== event.revision) return { refused: "stale" };
  if (isPastDiscard(execution, nowMs)) return discard(execution, nowMs, followUps);
  const remainingMs = startableAtMs(execution) - nowMs;
  if (remainingMs > 0) return { refused: "early", remainingMs };
  const waited = withoutWait(execution);
  if (event.type === "reject") {
    return to(execution, { ...waited, state: "cancelled", finishedAtMs: nowMs }, nowMs);
  }
  if (event.type === "launch") return launch(execution, event, nowMs);
  const { leaseMs, slot, task, logStream } = event;
  const { compute: _, ...anywhere } = waited;
  const started = { ...anywhere, state: "started", startedAtMs: nowMs, leaseUntilMs: nowMs + leaseMs } as const;
  const place = {
    ...(slot !== undefined && { slot }),
    ...(task !== undefined && { task, compute: "fargate" as const }),
    ...(logStream !== undefined && { logStream }),
  };
  return to(execution, { ...started, ...place }, nowMs);
}

// The same launch once more, as long as nobody knows that its task has stopped.
function launch(execution: Created, event: Event & { type: "launch" }, nowMs: number): Transition {
  const { undispatched: _, parkedIn: __, ...waiting } = execution;
  const { notBeforeMs = execution.notBeforeMs, leaseMs } = event;
  const launched = {
    launch: execution.launch ?? { number: 1, failures: 0 },
    ...(notBeforeMs !== undefined && { notBeforeMs }),
    misses: 0,
    waits: 0,
    recheckAtMs: nowMs + leaseMs,
  };
  return to(execution, { ...waiting, ...launched }, nowMs);
}

function taskStopped(
  execution: Execution,
  event: Event & { type: "task_stopped" },
  nowMs: number,
  followUps: FollowUps,
): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== event.revision) return { refused: "stale" };
  const { launch } = execution;
  if (launch === undefined || launch.number !== event.number) return { refused: "stale" };
  const { fault } = event;
  const failures = launch.failures + (fault === undefined ? 0 : 1);
  if (fault !== undefined && failures >= MAX_LAUNCH_FAILURES) {
    const failed = { state: "failed", errorCode: "ER0000", finishedAtMs: nowMs, launchError: fault } as const;
    return to(execution, followed({ ...withoutWait(execution), ...failed }, nowMs, followUps), nowMs);
  }
  const again = { ...execution, launch: { number: launch.number + 1, failures } };
  // A parked execution waits for its slot; nobody looks for a lost message.
  if (execution.parkedIn !== undefined) return to(execution, again, nowMs);
  const sentAtMs = nowMs + launchWaitSeconds(fault === undefined ? 0 : failures) * 1000;
  return to(execution, { ...again, recheckAtMs: recheckAtMs(execution.scheduledAtMs, sentAtMs) }, nowMs);
}

/** How long to wait before the next launch after so many that failed. It doubles up to what a queue can delay. */
export function launchWaitSeconds(failures: number): number {
  return failures === 0 ? 0 : Math.min(MAX_DELAY_SECONDS, FIRST_LAUNCH_WAIT_SECONDS * 2 ** (failures - 1));
}

// Looked at again after a while, in case the parked item is lost: what is parked is no lost message.
function park(execution: Execution, event: Event & { type: "park" }, nowMs: number): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== event.revision) return { refused: "stale" };
  const { lane: parkedIn, notBeforeMs } = event;
  const reserved = notBeforeMs === undefined ? {} : { notBeforeMs };
  return to(execution, { ...execution, ...reserved, parkedIn, recheckAtMs: nowMs + WAITS_MS[0] }, nowMs);
}

// Once for each revision: a message that comes twice finds the reservation of the first.
function reserve(execution: Execution, event: Event & { type: "reserve" }, nowMs: number): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== event.revision) return { refused: "stale" };
  if (execution.notBeforeMs !== undefined) return { refused: "stale" };
  const { notBeforeMs } = event;
  const { parkedIn: _, ...waiting } = execution;
  return to(execution, { ...waiting, notBeforeMs, recheckAtMs: recheckAtMs(notBeforeMs, nowMs) }, nowMs);
}

// A worker that comes too late to renew its lease has lost the execution: someone may be about to end it.
function renew(execution: Execution, event: Event & { type: "renew" }, nowMs: number): Transition | Refusal {
  if (execution.state !== "started" || execution.attempt !== event.attempt) return { refused: "stale" };
  if (nowMs >= execution.leaseUntilMs) return { refused: "stale" };
  return to(execution, { ...execution, leaseUntilMs: nowMs + event.leaseMs }, nowMs);
}

function finish(
  execution: Execution,
  event: Event & { type: "finish" },
  nowMs: number,
  followUps: FollowUps,
): Transition | Refusal {
  if (!isRunning(execution) || execution.attempt !== event.attempt) return { refused: "stale" };
  const { leaseUntilMs: _, slot: __, task: ___, errorFingerprint: ____, logStream: _____, ...ended } = execution;
  // The caller was told that the abort is under way: it holds, even if the function was quicker.
  const end: AttemptOutcome = execution.state === "aborting" ? { state: "aborted" } : event.end;
  const retryAtMs = end.state === "failed" ? retryAt(execution, event.retryAfterMs, nowMs) : undefined;
  if (end.state === "failed" && retryAtMs !== undefined) {
    return to(execution, waitForRetry(execution, end, retryAtMs, nowMs), nowMs, { errorCode: end.errorCode });
  }
  const completed = { ...ended, ...end, finishedAtMs: nowMs, ...(event.output && { output: event.output }) };
  return to(execution, followed(completed, nowMs, followUps), nowMs);
}

// A retry that could not start in time, or in a year that no date can say, is not made.
function retryAt(execution: Running, retryAfterMs: number | undefined, nowMs: number): number | undefined {
  if (retryAfterMs === undefined) return undefined;
  const retryAtMs = nowMs + retryAfterMs;
  const { startTimeoutMs, discardAfterMs = LAST_MOMENT_MS } = execution;
  const lastMs = startTimeoutMs === undefined ? discardAfterMs : LAST_MOMENT_MS;
  return retryAtMs > lastMs ? undefined : retryAtMs;
}

function waitForRetry(
  execution: Running,
  { errorFingerprint }: AttemptOutcome & { state: "failed" },
  scheduledAtMs: number,
  nowMs: number,
): Created {
  const { leaseUntilMs: _, startedAtMs: __, rescheduledAtMs: ___, slot: ____, task: _____, ...running } = execution;
  const { startTimeoutMs, discardAfterMs, errorFingerprint: ______, logStream: _______, ...waiting } = running;
  return {
    ...waiting,
    ...(discardAfterMs !== undefined && startTimeoutMs === undefined && { discardAfterMs }),
    ...(errorFingerprint !== undefined && { errorFingerprint }),
    state: "created",
    attempt: execution.attempt + 1,
    attemptCreatedAtMs: nowMs,
    revision: execution.revision + 1,
    dispatches: 0,
    misses: 0,
    waits: 0,
    scheduledAtMs,
    recheckAtMs: recheckAtMs(scheduledAtMs, nowMs),
  };
}

function reschedule(
  execution: Execution,
  { scheduledAtMs, tokenSeed = execution.tokenSeed, job, by }: Event & { type: "reschedule" },
  nowMs: number,
): Transition | Refusal {
  if (execution.state !== "created") return { refused: "wrong_state", state: execution.state };
  const moved = {
    ...(job !== undefined && { job }),
    tokenSeed,
    scheduledAtMs,
    rescheduledAtMs: nowMs,
    revision: execution.revision + 1,
    dispatches: 0,
    misses: 0,
    waits: 0,
    recheckAtMs: recheckAtMs(scheduledAtMs, nowMs),
    ...(execution.startTimeoutMs !== undefined && startLimits(scheduledAtMs, execution.startTimeoutMs, nowMs)),
  };
  const { undispatched: _, parkedIn: __, notBeforeMs: ___, launch: ____, ...waiting } = execution;
  return to(execution, { ...waiting, ...moved }, nowMs, { by });
}

// Never beyond the latest due time of any of its calls. What has begun once is another matter.
function debounce(execution: Execution, event: Event & { type: "debounce" }, nowMs: number): Transition | Refusal {
  if (execution.state !== "created" || execution.attempt > 1) {
    return { refused: "wrong_state", state: execution.state };
  }
  const { debounced, metadata, startTimeoutMs, tokenSeed, by } = event;
  const untilMs = Math.min(execution.debounced?.untilMs ?? Infinity, debounced.untilMs ?? Infinity);
  const scheduledAtMs = Math.min(event.scheduledAtMs, untilMs);
  const { discardAfterMs: _, startTimeoutMs: __, ...unlimited } = execution;
  const ownLimits = startTimeoutMs === undefined ? {} : startLimits(scheduledAtMs, startTimeoutMs, nowMs);
  const limits = event.discardAfterMs === undefined ? ownLimits : { discardAfterMs: event.discardAfterMs };
  const moved = reschedule(unlimited, { type: "reschedule", scheduledAtMs, tokenSeed }, nowMs);
  if (!("to" in moved)) return moved;
  const { changes: ___, ...target } = moved.to;
  const replaced = {
    ...target,
    ...(execution.changes && { changes: execution.changes }),
    arguments: event.arguments,
    metadata,
    debounced: { version: debounced.version, ...(untilMs !== Infinity && { untilMs }) },
    ...limits,
  };
  return { ...to(execution, replaced, nowMs, { by }), extendsPostings: true };
}

function cancel(
  execution: Execution,
  { force, job = execution.job, by }: Event & { type: "cancel" },
  nowMs: number,
): Transition | Refusal {
  const changed = { ...execution, ...(job !== undefined && { job }) };
  if (changed.state === "created") {
    return to(execution, { ...withoutWait(changed), state: "cancelled", finishedAtMs: nowMs }, nowMs, { by });
  }
  if (changed.state === "started" && force) return to(execution, { ...changed, state: "aborting" }, nowMs, { by });
  return { refused: "wrong_state", state: execution.state };
}

function markUndispatched(execution: Execution, revision: number, nowMs: number): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== revision) return { refused: "stale" };
  return to(execution, { ...execution, undispatched: true, waits: 0, recheckAtMs: nowMs }, nowMs);
}

// Only overdue executions: another sweep may have recovered it meanwhile.
function unstick(
  execution: Execution,
  event: Event & { type: "send_again" | "wait" | "miss" | "give_up" },
  nowMs: number,
  followUps: FollowUps,
): Transition | Refusal {
  if (execution.state !== "created" || nowMs < (wakeAtMs(execution) ?? Infinity)) return { refused: "stale" };
  if (isPastDiscard(execution, nowMs)) return discard(execution, nowMs, followUps);
  if (event.type === "wait") {
    const { waits = 0 } = execution;
    const waitMs = WAITS_MS[Math.min(waits, WAITS_MS.length - 1)] as number;
    return to(execution, { ...execution, misses: 0, waits: waits + 1, recheckAtMs: nowMs + waitMs }, nowMs);
  }
  if (event.type === "miss") {
    const misses = (execution.misses ?? 0) + 1;
    return to(execution, { ...execution, misses, recheckAtMs: nowMs + MISS_MS }, nowMs);
  }
  if (event.type === "send_again") {
    // A failed send is not a dispatch, and an execution that waits for its task is no lost message.
    const { undispatched, parkedIn: _, ...waiting } = execution;
    const dispatches = execution.dispatches + (undispatched || execution.launch !== undefined ? 0 : 1);
    const again = {
      dispatches,
      misses: 0,
      waits: 0,
      recheckAtMs: recheckAtMs(startableAtMs(execution), nowMs, dispatches),
    };
    return to(execution, { ...waiting, ...again }, nowMs);
  }
  if (execution.attempt !== event.attempt) return { refused: "stale" };
  const { reason, errorFingerprint } = event;
  const failed = { ...withoutWait(execution), state: "failed", errorCode: "ER0000", finishedAtMs: nowMs } as const;
  const why = { ...(reason !== undefined && { reason }), ...(errorFingerprint !== undefined && { errorFingerprint }) };
  return to(execution, followed({ ...failed, ...why }, nowMs, followUps), nowMs);
}

// Nothing that a caller sees changes, so it was not updated.
function waitForFollowUp(
  execution: Execution,
  type: "announce_again" | "followed",
  nowMs: number,
): Transition | Refusal {
  if (!("finishedAtMs" in execution)) return { refused: "stale" };
  const { followUpAtMs, ...settled } = execution;
  const { finishedAtMs, updatedAtMs } = execution;
  if (followUpAtMs === undefined) return { refused: "stale" };
  if (type === "followed") return to(execution, settled, updatedAtMs);
  if (nowMs < followUpAtMs) return { refused: "stale" };
  // Less and less often: whatever fails, fails for longer than a minute.
  const againAtMs = nowMs + Math.max(FOLLOW_UP_MS, nowMs - finishedAtMs);
  return to(execution, { ...execution, followUpAtMs: againAtMs }, updatedAtMs);
}

function isPastDiscard({ discardAfterMs }: Execution, nowMs: number): boolean {
  return discardAfterMs !== undefined && nowMs > discardAfterMs;
}

type Waited = Omit<Created, "recheckAtMs" | "undispatched" | "parkedIn" | "notBeforeMs" | "launch">;

function withoutWait({
  recheckAtMs: _,
  undispatched: __,
  parkedIn: ___,
  notBeforeMs: ____,
  launch: _____,
  ...waited
}: Created): Waited {
  return waited;
}

function discard(execution: Created, nowMs: number, followUps: FollowUps): Transition {
  const discarded = { ...withoutWait(execution), state: "discarded", finishedAtMs: nowMs } as const;
  return to(execution, followed(discarded, nowMs, followUps), nowMs);
}

function followed<Ended extends Execution>(ended: Ended, nowMs: number, followUps: FollowUps): Ended {
  return followUpOf(followUps, ended.state) === undefined ? ended : { ...ended, followUpAtMs: nowMs + FOLLOW_UP_MS };
}

function to(
  execution: Execution,
  { fresh: _, indexedWakeAtMs: __, ...target }: Execution,
  nowMs: number,
  circumstances: Circumstances = {},
): Transition {
  const changes = changesAfter(execution, target, nowMs, circumstances);
  const next = {
    ...target,
    ...(changes !== undefined && { changes }),
    ...nextWakePlace(execution, target),
    version: execution.version + 1,
    updatedAtMs: nowMs,
  };
  return {
    from: { id: execution.id, version: execution.version, state: execution.state, revision: execution.revision },
    to: next,
    ...(needsLongerPostings(execution, next) && { extendsPostings: true }),
  };
}
