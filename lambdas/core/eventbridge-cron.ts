import type { Cron } from "./cron.ts";

/**
 * The `cron(…)` expressions of EventBridge Scheduler, in UTC, that fire at the ticks of a cron and at nothing else. It
 * is one expression, and every tick fires once; or it is two.
 *
 * Two it is when a day may be in the days of the month or in the days of the week: EventBridge takes one of both, and
 * cannot except from one what is in the other. **Then both fire on a day that is in both**, at the same minute. Whoever
 * makes an execution of a tick must know it by its function and its scheduled minute, and make one only.
 *
 * Each has at most 240 of the 256 characters that CreateSchedule takes (its API reference, ScheduleExpression).
 */
export function eventBridgeExpressions({ minutes, hours, daysOfMonth, months, daysOfWeek }: Cron): string[] {
  const time = `${withSteps(minutes, 0, 59)} ${withSteps(hours, 0, 23)}`;
  const month = withSteps(months, 1, 12);
  const expressions = [];
  if (daysOfMonth.length > 0) expressions.push(`cron(${time} ${withSteps(daysOfMonth, 1, 31)} ${month} ? *)`);
  // EventBridge counts them 1-7 from Sunday on, and knows no steps for them.
  // Source: EventBridge User Guide, Cron expressions reference.
  if (daysOfWeek.length > 0) expressions.push(`cron(${time} ? ${month} ${ranges(daysOfWeek.map((day) => day + 1))} *)`);
  return expressions;
}

/** `*`, or `a/n` for what runs in even steps to the last value; else ranges. */
function withSteps(values: readonly number[], first: number, last: number): string {
  const [from = first, second = last, third] = values;
  const step = second - from;
  const even = values.every((value, index) => value === from + index * step) && (values.at(-1) ?? 0) + step > last;
  if (third === undefined || !even) return ranges(values);
  if (step > 1) return `${from}/${step}`;
  return from === first ? "*" : ranges(values);
}

/** A list in which three and more in a row are a range. */
function ranges(values: readonly number[]): string {
  const runs: number[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.at(-1) === value - 1) run.push(value);
    else runs.push([value]);
  }
  return runs.map((run) => (run.length < 3 ? run.join(",") : `${run[0]}-${run.at(-1)}`)).join(",");
}
