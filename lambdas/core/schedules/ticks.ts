import { LAST_MOMENT_MS } from "../limits.ts";
import { type CronRule, nextCronTick } from "./cron-ticks.ts";

/** When a schedule ticks: by cron in a time zone, or every so many seconds from an anchor. */
export type TickRule = CronRule | { everySeconds: number; anchorMs: number };

/** When a schedule ticks and between which moments, both included. */
export interface Ticks {
  rule: TickRule;
  startsAtMs?: number;
  endsAtMs?: number;
}

/** Ticks that run though they were due while nobody could run them. */
export const catchUps = ["latest", "all", "none"] as const;
export type CatchUp = (typeof catchUps)[number];

/** A tick found within this time is always made good. */
const ALWAYS_CAUGHT_UP_MS = 300_000;

/** At most so many missed ticks are made good. */
const MAX_CAUGHT_UP = 1_000;

/** Returns the first tick after `afterMs`, in epoch milliseconds; `undefined` once there are no more. */
export function nextTick(
  { rule, startsAtMs = -Infinity, endsAtMs = LAST_MOMENT_MS }: Ticks,
  afterMs: number,
): number | undefined {
  const after = Math.max(afterMs, startsAtMs - 1);
  const tick = "cron" in rule ? nextCronTick(rule, after) : nextInterval(rule, after);
  return tick === undefined || tick > endsAtMs ? undefined : tick;
}

/** Returns up to `count` ticks after `afterMs`. */
export function nextTicks(ticks: Ticks, afterMs: number, count: number): number[] {
  const found: number[] = [];
  for (let after = afterMs; found.length < count; ) {
    const tick = nextTick(ticks, after);
    if (tick === undefined) break;
    found.push(tick);
    after = tick;
  }
  return found;
}

/** Returns the ticks after `afterMs` up to `untilMs`. */
export function ticksWithin(ticks: Ticks, afterMs: number, untilMs: number): number[] {
  const found: number[] = [];
  for (let tick = nextTick(ticks, afterMs); tick !== undefined && tick <= untilMs; tick = nextTick(ticks, tick)) {
    found.push(tick);
  }
  return found;
}

/**
 * Returns the ticks after `afterMs` up to `nowMs` that are to run now, oldest first. Those of the last five minutes
 * always run; of older ones the latest, all (at most 1,000, the newest), or none.
 */
export function ticksToRun(ticks: Ticks, afterMs: number, nowMs: number, catchUp: CatchUp): number[] {
  const missed = missedTicks(ticks, afterMs, nowMs, catchUp);
  const recent = missed.filter((tick) => tick >= nowMs - ALWAYS_CAUGHT_UP_MS);
  switch (catchUp) {
    case "all":
      return missed;
    case "latest":
      return recent.length > 0 ? recent : missed.slice(-1);
    case "none":
      return recent;
  }
}

// The newest ones: of a long outage only these can run. The window grows backwards, so that weeks of seconds are not
// walked one by one.
function missedTicks(ticks: Ticks, afterMs: number, nowMs: number, catchUp: CatchUp): number[] {
  const enough = catchUp === "all" ? MAX_CAUGHT_UP : 1;
  for (let windowMs = ALWAYS_CAUGHT_UP_MS; ; windowMs *= 2) {
    const fromMs = Math.max(afterMs, nowMs - windowMs - 1);
    const missed = ticksWithin(ticks, fromMs, nowMs);
    if (missed.length >= enough || fromMs === afterMs) return missed.slice(-MAX_CAUGHT_UP);
  }
}

function nextInterval({ everySeconds, anchorMs }: { everySeconds: number; anchorMs: number }, afterMs: number): number {
  const everyMs = everySeconds * 1000;
  return anchorMs + (Math.floor((afterMs - anchorMs) / everyMs) + 1) * everyMs;
}
