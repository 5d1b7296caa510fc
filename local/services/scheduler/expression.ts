import { type Cron, nextCronTime, parseCron } from "./cron.ts";
import { whenWallShows } from "./time-zone.ts";

/** A parsed schedule expression. */
export type Timing =
  | { kind: "at"; dueMs: number }
  | { kind: "rate"; everyMs: number }
  | { kind: "cron"; cron: Cron; timeZone: string };

const UNITS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Parses `at(yyyy-mm-ddThh:mm:ss)`, `rate(value unit)` or `cron(fields)`.
 * @returns `undefined` for an expression that EventBridge Scheduler refuses, and for an `at` that clocks skip: AWS does
 *   not document it
 */
export function parseExpression(expression: string, timeZone: string): Timing | undefined {
  const [, kind, text = ""] = /^(at|rate|cron)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "at") return parseAt(text, timeZone);
  if (kind === "rate") return parseRate(text);
  if (kind !== "cron") return undefined;
  const cron = parseCron(text);
  return cron === undefined ? undefined : { kind, cron, timeZone };
}

/**
 * Returns the first due time after `afterMs`, in epoch milliseconds.
 * @param anchorMs first due time of a rate
 * @returns `undefined` if there is none
 */
export function nextDue(timing: Timing, afterMs: number, anchorMs: number): number | undefined {
  switch (timing.kind) {
    case "at":
      return timing.dueMs > afterMs ? timing.dueMs : undefined;
    case "rate": {
      const passed = Math.floor((afterMs - anchorMs) / timing.everyMs) + 1;
      return anchorMs + Math.max(passed, 0) * timing.everyMs;
    }
    case "cron":
      return nextCronTime(timing.cron, timing.timeZone, afterMs);
  }
}

function parseAt(text: string, timeZone: string): Timing | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined;
  const wall = new Date(`${text}Z`);
  // There is no 30th of February.
  if (Number.isNaN(wall.getTime()) || wall.toISOString() !== `${text}.000Z`) return undefined;
  const dueMs = whenWallShows(wall.getTime(), timeZone);
  return dueMs === undefined ? undefined : { kind: "at", dueMs };
}

function parseRate(text: string): Timing | undefined {
  const [, digits = "", unit, plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(text) ?? [];
  const value = Number(digits);
  if (value < 1 || !Number.isSafeInteger(value) || (value === 1) !== (plural === "")) return undefined;
  const everyMs = value * UNITS_MS[unit as keyof typeof UNITS_MS];
  return Number.isSafeInteger(everyMs) ? { kind: "rate", everyMs } : undefined;
}
