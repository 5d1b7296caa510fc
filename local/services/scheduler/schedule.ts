import { arn } from "../../account.ts";
import { nextDue, type Timing } from "./expression.ts";
import type { Settings } from "./settings.ts";

export interface Group {
  name: string;
  createdMs: number;
  modifiedMs: number;
}

/** A pending call of the target, or a retry. */
export interface ScheduleInvocation {
  /** The time that the schedule names. */
  dueMs: number;
  /** When to call the target: within the minute from `dueMs` on, or later after a failure. */
  callMs: number;
  /** Counts from 1. */
  attempt: number;
  /** Time of the first call. */
  firstCallMs?: number | undefined;
}

export interface Schedule {
  group: string;
  name: string;
  settings: Settings;
  createdMs: number;
  modifiedMs: number;
  /** Client token of its creation: the same request again gets the same answer. */
  clientToken?: string | undefined;
  /** Set for a template's schedule: it is removed when no template has it. */
  isOfTemplate: boolean;
  /** Empty when the schedule has completed. */
  invocations: ScheduleInvocation[];
}

export function scheduleArn({ group, name }: Pick<Schedule, "group" | "name">): string {
  return arn("scheduler", `schedule/${group}/${name}`);
}

export function groupArn(name: string): string {
  return arn("scheduler", `schedule-group/${name}`);
}

type Dated = Pick<Schedule, "settings" | "modifiedMs">;

/** Returns when a schedule is due next after `afterMs` and within its dates; `undefined` when it has completed. */
export function dueAfter({ settings, modifiedMs }: Dated, timing: Timing, afterMs: number): number | undefined {
  if (timing.kind === "at") return nextDue(timing, afterMs, 0);
  const { StartDate, EndDate } = settings;
  const startMs = StartDate === undefined ? modifiedMs : Math.round(StartDate * 1_000);
  const dueMs = nextDue(timing, Math.max(afterMs, startMs - 1), startMs);
  const isOver = dueMs === undefined || (EndDate !== undefined && dueMs > EndDate * 1_000);
  return isOver ? undefined : dueMs;
}

/** Returns the last due time up to `untilMs`, if a schedule is due more than `limit` times after `fromMs`. */
export function lastOfMany(
  schedule: Dated,
  timing: Timing,
  { fromMs, untilMs, limit }: { fromMs: number; untilMs: number; limit: number },
): number | undefined {
  let count = 0;
  for (let due = dueAfter(schedule, timing, fromMs); count <= limit; count += 1) {
    if (due === undefined || due > untilMs) return undefined;
    due = dueAfter(schedule, timing, due);
  }
  // Looks back further and further to find one, then goes forward to the last.
  let last: number | undefined;
  for (let backMs = 60_000; last === undefined; backMs *= 2) {
    const due = dueAfter(schedule, timing, Math.max(untilMs - backMs, fromMs));
    if (due !== undefined && due <= untilMs) last = due;
  }
  for (let due: number | undefined = last; due !== undefined && due <= untilMs; due = dueAfter(schedule, timing, due)) {
    last = due;
  }
  return last;
}
