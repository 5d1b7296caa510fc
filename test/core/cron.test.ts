import { describe, expect, it } from "vitest";
import { type Cron, parseCron } from "../../lambdas/core/cron.ts";

function cronOf(expression: string): Cron {
  const cron = parseCron(expression);
  if ("problem" in cron) throw new Error(`${expression}: ${cron.problem}`);
  return cron;
}

describe("a cron expression", () => {
  it.each<[string, string, Partial<Cron>]>([
    ["values", "5 4 3 2 *", { minutes: [5], hours: [4], daysOfMonth: [3], months: [2], daysOfWeek: [] }],
    ["leading zeros and spaces around", "  00\t09  * * 01 ", { minutes: [0], hours: [9], daysOfWeek: [1] }],
    ["lists, sorted, each once", "30,0,30 * * * *", { minutes: [0, 30] }],
    ["ranges", "* 9-12 * * *", { hours: [9, 10, 11, 12] }],
    ["a list of ranges, steps and values", "1,5-7,40-59/10 * * * *", { minutes: [1, 5, 6, 7, 40, 50] }],
    ["a step from the first value", "*/20 * * * *", { minutes: [0, 20, 40] }],
    ["a step from the first month", "0 0 1 */5 *", { months: [1, 6, 11] }],
    ["a step from a value to the last", "10/20 * * * *", { minutes: [10, 30, 50] }],
    ["a step within a range", "0 8-18/4 * * *", { hours: [8, 12, 16] }],
    ["a step as long as the field", "*/60 */24 * * *", { minutes: [0], hours: [0] }],
    ["names of months in any case", "0 0 1 jan,Mar-MAY,12 *", { months: [1, 3, 4, 5, 12] }],
    ["names of weekdays in any case", "0 0 * * Mon-fri", { daysOfWeek: [1, 2, 3, 4, 5] }],
    ["0 for Sunday", "0 0 * * 0", { daysOfMonth: [], daysOfWeek: [0] }],
    ["7 for Sunday", "0 0 * * 7", { daysOfMonth: [], daysOfWeek: [0] }],
    ["a range to 7", "0 0 * * 5-7", { daysOfWeek: [0, 5, 6] }],
    ["a range from 7", "0 0 * * 7-2", { daysOfWeek: [0, 1, 2] }],
    ["7-7, one day", "0 0 * * 7-7", { daysOfWeek: [0] }],
    ["a step from 7", "0 0 * * 7/3", { daysOfWeek: [0, 3, 6] }],
    ["a range to Sunday", "0 0 * * FRI-SUN", { daysOfWeek: [0, 5, 6] }],
    ["a range over the end of the week", "0 0 * * FRI-MON", { daysOfWeek: [0, 1, 5, 6] }],
    ["steps over the end of the week", "0 0 * * 5-2/2", { daysOfWeek: [0, 2, 5] }],
  ])("takes %s", (_, expression, expected) => {
    expect(cronOf(expression)).toMatchObject(expected);
  });

  it.each([
    ["@yearly", "0 0 1 1 *"],
    ["@annually", "0 0 1 1 *"],
    ["@monthly", "0 0 1 * *"],
    ["@weekly", "0 0 * * SUN"],
    ["@Daily", "0 0 * * *"],
    ["@midnight", "0 0 * * *"],
    [" @hourly ", "0 * * * *"],
  ])("may be %s", (macro, expression) => {
    expect(parseCron(macro)).toEqual(cronOf(expression));
  });

  const wrong = (field: string) => `the cron expression has a wrong ${field}:`;
  const count = "the cron expression must have five fields (minute hour day-of-month month day-of-week), not";
  it.each([
    ["61 * * * *", `${wrong("minute")} 61 is not within 0-59`],
    ["0 24 * * *", `${wrong("hour")} 24 is not within 0-23`],
    ["0 0 0 * *", `${wrong("day-of-month")} 0 is not within 1-31`],
    ["0 0 1 13 *", `${wrong("month")} 13 is not within 1-12 or JAN-DEC`],
    ["0 0 * * 8", `${wrong("day-of-week")} 8 is not within 0-7 or SUN-SAT`],
    ["0 0 * * MONDAY", `${wrong("day-of-week")} MONDAY is not within 0-7 or SUN-SAT`],
    ["0 0 * MON *", `${wrong("month")} MON is not within 1-12 or JAN-DEC`],
    ["0-60 * * * *", `${wrong("minute")} 60 is not within 0-59`],
    ["0,99999999999999999999 * * * *", `${wrong("minute")} 99999999999999999999 is not within 0-59`],
    ["-1 * * * *", `${wrong("minute")} -1 is not a value, a range or a step within 0-59`],
    ["1,,2 * * * *", `${wrong("minute")} "" is not a value, a range or a step within 0-59`],
    ["1.5 * * * *", `${wrong("minute")} 1.5 is not a value, a range or a step within 0-59`],
    ["*/0 * * * *", `${wrong("minute")} */0 is not a step within 1-60`],
    ["*/61 * * * *", `${wrong("minute")} */61 is not a step within 1-60`],
    ["0 22-2 * * *", `${wrong("hour")} 22-2 is not in order; over the end it is two, 22-23,0-2`],
    ["0 0 L * *", `${wrong("day-of-month")} L is not within 1-31`],
    ["0 0 ? * *", `${wrong("day-of-month")} ? is not a value, a range or a step within 1-31`],
    ["0 0 * * 1#2", `${wrong("day-of-week")} 1#2 is not a value, a range or a step within 0-7 or SUN-SAT`],
    ["* * * *", `${count} "* * * *"`],
    ["0 0 3 * * *", `${count} "0 0 3 * * *"`],
    ["", `${count} ""`],
    ["@reboot", `${count} "@reboot"`],
    ["@toString", `${count} "@toString"`],
    ["constructor", `${count} "constructor"`],
    ["0 0 31 2 *", `${wrong("day-of-month")} 31 is not within 1-29 in month 2, so it never runs`],
    ["0 0 31 APR,JUN *", `${wrong("day-of-month")} 31 is not within 1-30 in month APR,JUN, so it never runs`],
    [
      "0 0 */2 * MON",
      `${wrong("day-of-month")} */2 with day-of-week MON asks for days that are both, which EventBridge cannot do; ` +
        "write 1-31/2 for days that are either",
    ],
    [
      "0 0 13 * */2",
      `${wrong("day-of-week")} */2 with day-of-month 13 asks for days that are both, which EventBridge cannot do; ` +
        "write 0-6/2 for days that are either",
    ],
  ])("is not %j, and the fault says why", (expression, problem) => {
    expect(parseCron(expression)).toEqual({ problem });
  });
});
