import { Cron } from "croner";
import { localTime, momentOf } from "./zone.ts";

/** A cron expression in a time zone. */
export interface CronRule {
  /** Five unix fields, six with the seconds first, or a nickname such as `@hourly`. */
  cron: string;
  /** IANA name. */
  timezone: string;
}

const NICKNAMES: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** Returns what is wrong with a cron expression, as half a sentence; `undefined` for a good one. */
export function cronProblem(cron: string): string | undefined {
  if (cron.startsWith("@")) {
    return cron in NICKNAMES ? undefined : `unknown nickname; there are ${Object.keys(NICKNAMES).join(", ")}`;
  }
  const { length } = fieldsOf(cron);
  if (length !== 5 && length !== 6) return `has ${length} fields; write five, or six with the seconds first`;
  try {
    const expression = new Cron(normalized(cron), { timezone: "UTC" });
    return expression.nextRun(new Date(0)) === null ? "names no time at all" : undefined;
  } catch {
    return "is not a cron expression";
  }
}

/**
 * Returns the first tick after `afterMs`, in epoch milliseconds; `undefined` if there is none.
 *
 * Where hour and minute are fixed, a local time that does not exist runs at the first moment after the gap, and
 * one that exists twice runs once, the first time. Wildcards and steps run in elapsed time through the repeated hour.
 */
export function nextCronTick({ cron, timezone }: CronRule, afterMs: number): number | undefined {
  const expression = normalized(cron);
  return isFixed(expression) ? nextFixed(expression, timezone, afterMs) : nextElapsed(expression, timezone, afterMs);
}

function nextElapsed(cron: string, timezone: string, afterMs: number): number | undefined {
  return expressionOf(cron, timezone).nextRun(new Date(afterMs))?.getTime();
}

// Local clock times are computed as if they were UTC, which has no gaps, and put into the zone afterwards.
function nextFixed(cron: string, timezone: string, afterMs: number): number | undefined {
  const expression = expressionOf(cron, "UTC");
  for (let local: number | undefined = localTime(timezone, afterMs); ; ) {
    local = expression.nextRun(new Date(local))?.getTime();
    if (local === undefined) return undefined;
    const tick = momentOf(timezone, local);
    // In a repeated hour the clock shows times again that have been.
    if (tick > afterMs) return tick;
  }
}

const expressions = new Map<string, Cron>();
const MAX_EXPRESSIONS = 500;

function expressionOf(cron: string, timezone: string): Cron {
  const key = `${timezone} ${cron}`;
  const known = expressions.get(key);
  if (known !== undefined) return known;
  if (expressions.size >= MAX_EXPRESSIONS) expressions.clear();
  const made = new Cron(cron, { timezone });
  expressions.set(key, made);
  return made;
}

function normalized(cron: string): string {
  return NICKNAMES[cron] ?? fieldsOf(cron).join(" ");
}

function fieldsOf(cron: string): string[] {
  return cron.trim().split(/\s+/);
}

// Minutes and hours without wildcard or step: clock times that a person has named.
function isFixed(cron: string): boolean {
  return fieldsOf(cron)
    .slice(-5, -3)
    .every((field) => !/[*/?]/.test(field));
}
