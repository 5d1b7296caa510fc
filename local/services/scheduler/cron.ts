import { type CronField, readField, readValue } from "./cron-field.ts";
import { wallTime, whenWallShows } from "./time-zone.ts";

/** A `cron(…)` expression of EventBridge Scheduler. All lists are ascending. */
export interface Cron {
  minutes: readonly number[];
  hours: readonly number[];
  months: readonly number[];
  years: readonly number[];
  days: DayRule;
}

/** Days of a month. Days of the week are 1-7, Sunday is 1. */
type DayRule =
  | { kind: "days-of-month"; days: readonly number[] }
  /** `L` */
  | { kind: "last-of-month" }
  /** `15W`: the weekday nearest to the 15th, in the same month. */
  | { kind: "nearest-weekday"; day: number }
  | { kind: "days-of-week"; days: readonly number[] }
  /** `6L`: the last Friday of the month. */
  | { kind: "last-day-of-week"; day: number }
  /** `3#2`: the second Tuesday of the month. */
  | { kind: "nth-day-of-week"; day: number; nth: number };

// Source of the syntax: EventBridge Scheduler User Guide, "Schedule types", Cron-based schedules.
const MINUTE: CronField = { first: 0, last: 59, hasSteps: true };
const HOUR: CronField = { first: 0, last: 23, hasSteps: true };
const DAY_OF_MONTH: CronField = { first: 1, last: 31, hasSteps: true };
const MONTH: CronField = {
  first: 1,
  last: 12,
  names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  hasSteps: true,
};
const DAY_OF_WEEK: CronField = {
  first: 1,
  last: 7,
  names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
  hasSteps: false,
};
const YEAR: CronField = { first: 1970, last: 2199, hasSteps: true };

const SATURDAY = 7;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Parses the six fields within `cron(…)`: minutes, hours, day-of-month, month, day-of-week, year.
 * @returns `undefined` for fields that EventBridge Scheduler refuses or does not document
 */
export function parseCron(text: string): Cron | undefined {
  const fields = text.split(" ");
  if (fields.length !== 6) return undefined;
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = fields;
  const minutes = readField(MINUTE, minute);
  const hours = readField(HOUR, hour);
  const months = readField(MONTH, month);
  const years = readField(YEAR, year);
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) return undefined;
  const days = dayOfWeek === "?" ? readDayOfMonth(dayOfMonth) : readDayOfWeek(dayOfWeek);
  if (!minutes || !hours || !months || !years || !days) return undefined;
  return { minutes, hours, months, years, days };
}

function readDayOfMonth(text: string): DayRule | undefined {
  if (text === "L") return { kind: "last-of-month" };
  if (text.endsWith("W")) {
    const day = readValue(DAY_OF_MONTH, text.slice(0, -1));
    return day === undefined ? undefined : { kind: "nearest-weekday", day };
  }
  const days = readField(DAY_OF_MONTH, text);
  return days === undefined ? undefined : { kind: "days-of-month", days };
}

function readDayOfWeek(text: string): DayRule | undefined {
  // The last day of the week.
  if (text === "L") return { kind: "days-of-week", days: [SATURDAY] };
  const [, name, nth] = /^(\w+)(?:#([1-5])|L)$/.exec(text) ?? [];
  const day = name === undefined ? undefined : readValue(DAY_OF_WEEK, name);
  if (day !== undefined) {
    return nth === undefined ? { kind: "last-day-of-week", day } : { kind: "nth-day-of-week", day, nth: Number(nth) };
  }
  const days = readField(DAY_OF_WEEK, text);
  return days === undefined ? undefined : { kind: "days-of-week", days };
}

/**
 * Returns the first time after `afterMs` (epoch milliseconds) at which a cron fires in a time zone. A local time that
 * clocks skip is skipped; one that they show twice counts once, the first time.
 * @returns `undefined` if there is none until its last year
 */
export function nextCronTime(cron: Cron, timeZone: string, afterMs: number): number | undefined {
  // Later wall times never come first, and earlier ones have passed.
  const from = Math.floor(wallTime(afterMs, timeZone) / MINUTE_MS) * MINUTE_MS;
  const end = Date.UTC((cron.years.at(-1) ?? 0) + 1, 0, 1);
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < end; day += DAY_MS) {
    if (!isOn(cron, new Date(day))) continue;
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const wallMs = day + (hour * 60 + minute) * MINUTE_MS;
        const utcMs = wallMs < from ? undefined : whenWallShows(wallMs, timeZone);
        if (utcMs !== undefined && utcMs > afterMs) return utcMs;
      }
    }
  }
  return undefined;
}

function isOn({ years, months, days }: Cron, date: Date): boolean {
  return years.includes(date.getUTCFullYear()) && months.includes(date.getUTCMonth() + 1) && isDay(days, date);
}

function isDay(rule: DayRule, date: Date): boolean {
  const day = date.getUTCDate();
  const dayOfWeek = date.getUTCDay() + 1;
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  switch (rule.kind) {
    case "days-of-month":
      return rule.days.includes(day);
    case "last-of-month":
      return day === length;
    case "nearest-weekday":
      return rule.day <= length && day === nearestWeekday(rule.day, length, date);
    case "days-of-week":
      return rule.days.includes(dayOfWeek);
    case "last-day-of-week":
      return dayOfWeek === rule.day && day > length - 7;
    case "nth-day-of-week":
      return dayOfWeek === rule.day && Math.ceil(day / 7) === rule.nth;
  }
}

/** Returns the nearest weekday: Friday before or Monday after a weekend, in the same month. */
function nearestWeekday(day: number, length: number, date: Date): number {
  const dayOfWeek = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay() + 1;
  if (dayOfWeek === SATURDAY) return day === 1 ? 3 : day - 1;
  if (dayOfWeek === 1) return day === length ? day - 2 : day + 1;
  return day;
}
