import { type CronFault, type CronField, readCronField, wrongField } from "./cron-field.ts";

/** When a function runs by itself: at each minute of each hour of each day, in UTC. All lists are ascending. */
export interface Cron {
  /** 0-59 */
  minutes: readonly number[];
  /** 0-23 */
  hours: readonly number[];
  /** A day is one of these, 1-31, or one of `daysOfWeek`. At most one of both is empty. */
  daysOfMonth: readonly number[];
  /** 1-12 */
  months: readonly number[];
  /** 0-6, Sunday is 0. */
  daysOfWeek: readonly number[];
}

const MINUTE: CronField = { name: "minute", first: 0, last: 59 };
const HOUR: CronField = { name: "hour", first: 0, last: 23 };
const DAY_OF_MONTH: CronField = { name: "day-of-month", first: 1, last: 31 };
const MONTH: CronField = {
  name: "month",
  first: 1,
  last: 12,
  names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
};
const DAY_OF_WEEK: CronField = {
  name: "day-of-week",
  first: 0,
  last: 6,
  names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
  week: true,
};

/** The names that Vixie cron has for some expressions. Source: crontab(5). `@reboot` means nothing in a cloud. */
const MACROS = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

const EVERY_DAY = Array.from({ length: 31 }, (_, index) => index + 1);
const MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads a cron expression of the five unix fields: minute, hour, day-of-month, month, day-of-week, with names in any
 * case; or one of the macros `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight` and `@hourly`.
 *
 * The days are Vixie cron's. When both day fields are restricted, a day is in one of them. A field that begins with
 * `*`, also one with a step, is not restricted, and then a day is in both. Where both still leave days out, that is a
 * fault: EventBridge has no word for it, and crons differ in what they make of it.
 *
 * A range may run over the end of the week (`FRI-MON`), but not of an hour, a day, a month or a year.
 * @returns a fault also for what would never run, such as the 30th of February
 */
export function parseCron(expression: string): Cron | CronFault {
  const text = expression.trim();
  const fields = (MACROS.get(text.toLowerCase()) ?? text).split(/\s+/);
  if (fields.length !== 5) {
    const names = [MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK].map(({ name }) => name).join(" ");
    return { problem: `the cron expression must have five fields (${names}), not ${JSON.stringify(expression)}` };
  }
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = ""] = fields;
  const minutes = readCronField(MINUTE, minute);
  if ("problem" in minutes) return minutes;
  const hours = readCronField(HOUR, hour);
  if ("problem" in hours) return hours;
  const months = readCronField(MONTH, month);
  if ("problem" in months) return months;
  const longest = Math.max(...months.map((number) => MONTH_LENGTHS[number - 1] ?? 0));
  const days = readDays(dayOfMonth, dayOfWeek, { text: month, longest });
  return "problem" in days ? days : { minutes, hours, months, ...days };
}

type Days = Pick<Cron, "daysOfMonth" | "daysOfWeek">;

/** `longest` is the number of days in the longest of the months. */
function readDays(ofMonth: string, ofWeek: string, months: { text: string; longest: number }): Days | CronFault {
  const daysOfMonth = readCronField(DAY_OF_MONTH, ofMonth);
  if ("problem" in daysOfMonth) return daysOfMonth;
  const daysOfWeek = readCronField(DAY_OF_WEEK, ofWeek);
  if ("problem" in daysOfWeek) return daysOfWeek;

  const existing = daysOfMonth.filter((day) => day <= months.longest).length;
  const wholeMonth = existing === months.longest;
  const wholeWeek = daysOfWeek.length === 7;
  if (ofMonth.startsWith("*") || ofWeek.startsWith("*")) {
    if (!wholeWeek) return wholeMonth ? { daysOfMonth: [], daysOfWeek } : daysInBoth(ofMonth, ofWeek);
    if (existing > 0) return { daysOfMonth, daysOfWeek: [] };
    return wrongField(DAY_OF_MONTH, ofMonth, `within 1-${months.longest} in month ${months.text}, so it never runs`);
  }
  if (wholeMonth || wholeWeek) return { daysOfMonth: EVERY_DAY, daysOfWeek: [] };
  return { daysOfMonth: existing === 0 ? [] : daysOfMonth, daysOfWeek };
}

function daysInBoth(ofMonth: string, ofWeek: string): CronFault {
  const [field, text] = ofMonth.startsWith("*") ? [DAY_OF_MONTH, ofMonth] : [DAY_OF_WEEK, ofWeek];
  const [other, otherText] = field === DAY_OF_MONTH ? [DAY_OF_WEEK, ofWeek] : [DAY_OF_MONTH, ofMonth];
  const either = text.replace("*", `${field.first}-${field.last}`);
  return {
    problem:
      `the cron expression has a wrong ${field.name}: ${text} with ${other.name} ${otherText} asks for days that are ` +
      `both, which EventBridge cannot do; write ${either} for days that are either`,
  };
}
