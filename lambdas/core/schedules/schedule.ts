import type { StoredPayload } from "../execution.ts";
import { type ExecutionId, scheduledExecutionId, scheduleJitter } from "../ids.ts";
import { type CatchUp, nextTick, type Ticks, ticksToRun, ticksWithin } from "./ticks.ts";

/** Policies for a tick while the last execution is not final: run beside it, not at all, or instead of it. */
export const overlaps = ["allow", "skip", "cancel"] as const;
export type Overlap = (typeof overlaps)[number];

/** Properties of a schedule that its user decides on. */
export interface ScheduleDefinition {
  functionName: string;
  functionId: string;
  arguments: StoredPayload;
  /** Key of the object, if they are one. */
  argumentsKey: string;
  metadata: Readonly<Record<string, string>>;
  ticks: Ticks;
  jitterSeconds: number;
  overlap: Overlap;
  catchUp: CatchUp;
  /** Fingerprint of the request that defined it: the same request changes nothing. */
  fingerprint: string;
}

/** A schedule made at run time. */
export interface Schedule extends ScheduleDefinition {
  name: string;
  /** UUID. A schedule that is deleted and made again has another one. */
  id: string;
  /** Counts the writes: a decision made on an older version is not stored. */
  version: number;
  /** Counts the changes by its user: a message that names an older one is stale. */
  revision: number;
  isPaused: boolean;
  /** First tick without an execution. Absent while paused and after the last tick. */
  nextAtMs?: number;
  /** Start of the latest ticks that were made ahead of their time, up to `nextAtMs`. */
  aheadFromMs?: number;
  /**
   * Revisions before it, latest first, while executions that they made ahead may be left: the change may have failed.
   */
  replaced?: readonly Replaced[];
  /** Latest execution, apart from those made ahead. */
  last?: ScheduledRun;
  /** The sweep sends its message again if the schedule has not moved on by then. */
  recheckAtMs?: number;
  createdAtMs: number;
  /** Time of the latest change by its user. */
  updatedAtMs: number;
  /** Name of the caller who made it, and of the one who changed it last. */
  createdBy?: string;
  updatedBy?: string;
}

/** The part of an earlier revision that tells the executions it has made. */
interface Replaced extends Pick<ScheduleDefinition, "functionId" | "ticks"> {
  revision: number;
  /** None has been made for a later tick. */
  untilMs: number;
}

export interface ScheduledRun {
  atMs: number;
  executionId: ExecutionId;
}

/** A write of a schedule: only if it still is of that version. */
export interface ScheduleTransition {
  from: Pick<Schedule, "name" | "id" | "version">;
  to: Schedule;
}

/** How long before a tick its execution is written: the rest of the way is a delay in the function's queue. */
const LEAD_MS = 5_000;

/** Ticks of this span are made together: a schedule that ticks every second has one message a minute. */
const AHEAD_MS = 60_000;

/** How far ahead executions may be found: the clocks of two Lambdas never agree. */
export const FOUND_AHEAD_MS = AHEAD_MS + 15_000;

/** Revisions of one minute that are remembered. */
const MAX_REPLACED = 5;

/** Missed ticks that one message makes good; the next message goes on with the rest. */
const MAX_CAUGHT_UP_AT_ONCE = 100;

/** A message that has not come by this long after its tick may be lost. */
const OVERDUE_MS = 60_000;

/** Returns a new schedule that begins with the first tick after now. */
export function newSchedule(
  definition: ScheduleDefinition,
  { name, id, nowMs, by }: { name: string; id: string; nowMs: number; by?: string | undefined },
): Schedule {
  const callers = by === undefined ? {} : { createdBy: by, updatedBy: by };
  const base = { ...definition, name, id, version: 0, revision: 0, isPaused: false, ...callers };
  return withNext({ ...base, createdAtMs: nowMs, updatedAtMs: nowMs }, nextTick(definition.ticks, nowMs));
}

/** Replaces the definition. A paused schedule stays paused. */
export function redefine(
  schedule: Schedule,
  definition: ScheduleDefinition,
  nowMs: number,
  by?: string,
): ScheduleTransition {
  return restart(schedule, { ...schedule, ...definition, ...updated(by) }, nowMs);
}

/** Pauses a schedule, or lets it go on with the next tick after now. */
export function setPaused(schedule: Schedule, isPaused: boolean, nowMs: number, by?: string): ScheduleTransition {
  return restart(schedule, { ...schedule, isPaused, ...updated(by) }, nowMs);
}

function updated(by: string | undefined): { updatedBy?: string } {
  return by === undefined ? {} : { updatedBy: by };
}

/** Moves on to `nextAtMs`, after the executions of the ticks in `made` have been written. */
export function advance(
  schedule: Schedule,
  { run, ahead, nextAtMs }: DueTicks,
  made: readonly ScheduledRun[],
  nowMs: number,
): ScheduleTransition {
  const late = made.filter(({ atMs }) => run.includes(atMs)).at(-1);
  const last = latest(lastRun(schedule, nowMs), late);
  const { aheadFromMs: _, last: __, replaced: before = [], ...rest } = schedule;
  const replaced = before.filter(({ untilMs }) => untilMs >= (nextAtMs ?? Infinity));
  const moved = {
    ...rest,
    ...(last && { last }),
    ...(ahead[0] !== undefined && { aheadFromMs: ahead[0] }),
    ...(replaced.length > 0 && { replaced }),
  };
  return to(schedule, withNext(moved, nextAtMs));
}

/** Notes an execution that was made out of turn. */
export function noteRun(schedule: Schedule, run: ScheduledRun, nowMs: number): ScheduleTransition {
  const last = latest(lastRun(schedule, nowMs), run);
  return to(schedule, { ...schedule, ...(last && { last }) });
}

/** Lets the sweep look again after `waitMs`, or after the next tick if that is later. */
export function recheckLater(schedule: Schedule, waitMs: number, nowMs: number): ScheduleTransition {
  const recheckAtMs = Math.max(nowMs + waitMs, (schedule.nextAtMs ?? 0) + OVERDUE_MS);
  return to(schedule, { ...schedule, recheckAtMs });
}

/** Ticks that are due. */
export interface DueTicks {
  /** Ticks up to now, oldest first; of missed ones those that `catchUp` asks for. */
  run: readonly number[];
  /** Ticks whose executions are made ahead of their time. */
  ahead: readonly number[];
  /** First tick after all of these. */
  nextAtMs: number | undefined;
}

/** Returns the ticks whose executions are to be made at `nowMs`. */
export function dueTicks(schedule: Schedule, nowMs: number): DueTicks {
  const { ticks, nextAtMs, overlap, catchUp } = schedule;
  if (nextAtMs === undefined) return { run: [], ahead: [], nextAtMs };
  const missed = ticksToRun(ticks, nextAtMs - 1, nowMs, catchUp);
  // Those that must not overlap would skip or cancel each other.
  const run = overlap === "allow" ? missed.slice(0, MAX_CAUGHT_UP_AT_ONCE) : missed.slice(-1);
  const lastMs = run.at(-1);
  if (overlap === "allow" && lastMs !== undefined && run.length < missed.length) {
    return { run, ahead: [], nextAtMs: nextTick(ticks, lastMs) };
  }
  const untilMs = overlap === "allow" ? nowMs + AHEAD_MS : nowMs;
  const ahead = ticksWithin(ticks, Math.max(nowMs, nextAtMs - 1), untilMs);
  return { run, ahead, nextAtMs: nextTick(ticks, Math.max(untilMs, nextAtMs - 1)) };
}

/** How long before its tick a message is acted on. Whether executions overlap can be told at the tick only. */
export function leadMs({ overlap }: Pick<Schedule, "overlap">): number {
  return overlap === "allow" ? LEAD_MS : 0;
}

/** Returns the id of a tick's execution. */
export function executionIdOf(
  { id, revision, functionId }: Pick<Schedule, "id" | "revision" | "functionId">,
  tickMs: number,
): ExecutionId {
  return scheduledExecutionId({ scheduleId: id, revision, functionId }, tickMs);
}

/** When a tick's execution is due: at the tick, or later by its share of the jitter. */
export function scheduledAtMs({ id, jitterSeconds }: Pick<Schedule, "id" | "jitterSeconds">, tickMs: number): number {
  return tickMs + scheduleJitter(id, tickMs, jitterSeconds * 1000);
}

/** Returns the next tick after now, whether or not its execution is written already. */
export function upcomingTick({ isPaused, ticks }: Schedule, nowMs: number): number | undefined {
  return isPaused ? undefined : nextTick(ticks, nowMs);
}

/** Returns the latest execution whose time has come. */
export function lastRun(schedule: Schedule, nowMs: number): ScheduledRun | undefined {
  const { ticks, aheadFromMs, nextAtMs = Infinity, last } = schedule;
  if (aheadFromMs === undefined) return last;
  const tickMs = ticksWithin(ticks, aheadFromMs - 1, Math.min(nowMs, nextAtMs - 1, aheadFromMs + AHEAD_MS)).at(-1);
  return latest(
    last,
    tickMs === undefined ? undefined : { atMs: tickMs, executionId: executionIdOf(schedule, tickMs) },
  );
}

function latest(a: ScheduledRun | undefined, b: ScheduledRun | undefined): ScheduledRun | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.atMs >= a.atMs ? b : a;
}

// A change begins anew with the next tick after it. The executions made ahead are cancelled by whoever writes it, or
// when the tick is made again.
function restart(before: Schedule, after: Schedule, nowMs: number): ScheduleTransition {
  const last = lastRun(before, nowMs);
  const { aheadFromMs: _, last: __, ...rest } = after;
  const { revision, functionId, ticks } = before;
  const lately = { revision, functionId, ticks, untilMs: nowMs + FOUND_AHEAD_MS };
  const earlier = before.replaced?.filter(({ untilMs }) => untilMs > nowMs) ?? [];
  const replaced = [lately, ...earlier].slice(0, MAX_REPLACED);
  const changed = { ...rest, ...(last && { last }), replaced, revision: revision + 1, updatedAtMs: nowMs };
  return to(before, withNext(changed, changed.isPaused ? undefined : nextTick(changed.ticks, nowMs)));
}

function withNext(schedule: Schedule, nextAtMs: number | undefined): Schedule {
  const { nextAtMs: _, recheckAtMs: __, ...rest } = schedule;
  return nextAtMs === undefined ? rest : { ...rest, nextAtMs, recheckAtMs: nextAtMs + OVERDUE_MS };
}

function to({ name, id, version }: Schedule, after: Schedule): ScheduleTransition {
  return { from: { name, id, version }, to: { ...after, version: version + 1 } };
}
