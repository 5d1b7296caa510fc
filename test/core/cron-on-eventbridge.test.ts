import { Cron as Croner } from "croner";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cron, parseCron } from "../../lambdas/core/cron.ts";
import { eventBridgeExpressions } from "../../lambdas/core/eventbridge-cron.ts";
import { eventBridgeTicks } from "../support/eventbridge-cron.ts";

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

function cronOf(expression: string): Cron {
  const cron = parseCron(expression);
  if ("problem" in cron) throw new Error(`${expression}: ${cron.problem}`);
  return cron;
}

const expressionsOf = (expression: string) => eventBridgeExpressions(cronOf(expression));

/** The ticks of all expressions: as often as there are expressions that fire then. */
const firedBy = (expression: string, fromMs: number, toMs: number) =>
  expressionsOf(expression)
    .flatMap((each) => eventBridgeTicks(each, fromMs, toMs))
    .sort((a, b) => a - b);

/**
 * The next ticks by croner, which knows nothing of ours. It takes `a/n` with `sloppyRanges` only. Like us it means
 * days that are in either day field (`domAndDow` is false by default), but unlike Vixie cron and us also where one
 * begins with `*` and goes on: such pairs are not compared. It takes no range over the end of the week, reads 7/2 as
 * nothing, and SUN-SUN as the whole week.
 */
const nextByCroner = (expression: string, count: number, afterMs: number) =>
  new Croner(expression, { mode: "5-part", sloppyRanges: true, utcOffset: 0 })
    .nextRuns(count, new Date(afterMs))
    .map((date) => date.getTime());

describe("the expressions of EventBridge", () => {
  it.each([
    ["* * * * *", ["cron(* * * * ? *)"]],
    // The documented words for it: 0/5, not */5.
    ["*/5 * * * *", ["cron(0/5 * * * ? *)"]],
    ["7-59/13 */6 * * *", ["cron(7/13 0/6 * * ? *)"]],
    ["0-30/10 * * * *", ["cron(0,10,20,30 * * * ? *)"]],
    ["0,30 21-23 * * *", ["cron(0,30 21-23 * * ? *)"]],
    // Not 9/10, which goes on to 59.
    ["9-49/10 * * * *", ["cron(9,19,29,39,49 * * * ? *)"]],
    ["0 9-17 * * 1-5", ["cron(0 9-17 ? * 2-6 *)"]],
    ["0 0 * * 0,7", ["cron(0 0 ? * 1 *)"]],
    ["0 0 * * FRI-MON", ["cron(0 0 ? * 1,2,6,7 *)"]],
    ["0 0 * * */2", ["cron(0 0 ? * 1,3,5,7 *)"]],
    ["0 0 */2 * *", ["cron(0 0 1/2 * ? *)"]],
    ["0 0 1 */3 *", ["cron(0 0 1 1/3 ? *)"]],
    ["0 0 29 2 *", ["cron(0 0 29 2 ? *)"]],
    ["0 12 13 * FRI", ["cron(0 12 13 * ? *)", "cron(0 12 ? * 6 *)"]],
    ["0 0 */1 * MON", ["cron(0 0 ? * 2 *)"]],
  ])("for %s", (expression, expected) => {
    expect(expressionsOf(expression)).toEqual(expected);
  });

  it.each([
    ["every day of the week", "0 0 1 * 0-6", ["cron(0 0 * * ? *)"]],
    ["every day of the month", "0 0 1-31 * MON", ["cron(0 0 * * ? *)"]],
    ["every day that the month has", "0 0 1-30 4 MON", ["cron(0 0 * 4 ? *)"]],
    ["days that the month has not", "0 0 30,31 2 MON", ["cron(0 0 ? 2 2 *)"]],
  ])("are not two for %s among either", (_, expression, expected) => {
    expect(expressionsOf(expression)).toEqual(expected);
  });

  it("fit what Scheduler takes, at their longest", () => {
    const pairs = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((value) => value % 3 !== first % 3);
    const longest = `${pairs(0, 59)} ${pairs(0, 23)} 1,${pairs(2, 31)} ${pairs(1, 12)} *`;
    expect(expressionsOf(longest).map(({ length }) => length)).toEqual([240]);
  });

  it("both fire on a day that is in both: the 13th that is a Friday", () => {
    const [from, to] = [Date.UTC(2026, 1, 10), Date.UTC(2026, 1, 21)];
    const days = firedBy("0 12 13 * FRI", from, to).map((tick) => new Date(tick).getUTCDate());
    expect(days).toEqual([13, 13, 20]);
  });
});

describe("EventBridge fires when a unix cron does", () => {
  const yearMs = 365 * 86_400_000;
  const anyCase = (names: string[], first: number) =>
    fc
      .tuple(fc.constantFrom(...names), fc.integer())
      .map(([name, bits]) => [...name].map((c, i) => ((bits >> i) & 1 ? c.toLowerCase() : c)).join(""))
      .map((text) => ({ text, value: names.indexOf(text.toUpperCase()) + first }));
  const aValue = (first: number, last: number, names: string[]) => {
    const number = fc.integer({ min: first, max: last }).map((value) => ({ text: `${value}`, value }));
    return names.length === 0 ? number : fc.oneof(number, anyCase(names, first));
  };

  /** A field as a user might write it. */
  const aField = (first: number, last: number, names: string[] = []) => {
    const value = aValue(first, last, names);
    const range = fc.tuple(value, value).map(([a, b]) => (a.value < b.value ? `${a.text}-${b.text}` : b.text));
    const step = fc.integer({ min: 1, max: last - first + 1 });
    const item = fc.oneof(
      value.map(({ text }) => text),
      range,
      fc.tuple(range, step).map(([text, n]) => `${text}/${n}`),
      fc.tuple(fc.integer({ min: first, max: last }), step).map(([from, n]) => `${from}/${n}`),
    );
    return fc.oneof(
      fc.constant("*"),
      step.map((n) => `*/${n}`),
      fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(",")),
    );
  };

  /** Restricted or not: Vixie cron and croner differ. */
  const stepped = (text: string) => text.startsWith("*/");
  const days = fc
    .tuple(aField(1, 31), aField(0, 6, WEEKDAYS))
    .filter(([dom, dow]) => !(stepped(dom) && dow !== "*") && !(stepped(dow) && dom !== "*"));
  const aMonth = aField(1, 12, MONTHS);
  // 2100 is no leap year.
  const anInstant = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2110, 0) });

  function compare(expression: string, count: number, afterMs: number) {
    const next = nextByCroner(expression, count, afterMs);
    // EventBridge's calendar ends with 2199.
    const untilMs = Math.min(next.at(-1) ?? 0, afterMs + 60 * yearMs);
    const expected = next.filter((tick) => tick <= untilMs);
    const fired = firedBy(expression, afterMs, untilMs);
    expect([...new Set(fired)]).toEqual(expected);
    const { daysOfMonth, daysOfWeek } = cronOf(expression);
    const both = (tick: number) =>
      daysOfMonth.includes(new Date(tick).getUTCDate()) && daysOfWeek.includes(new Date(tick).getUTCDay());
    expect(fired).toEqual(expected.flatMap((tick) => (both(tick) ? [tick, tick] : [tick])));
  }

  it("at every minute", () => {
    fc.assert(
      fc.property(aField(0, 59), aField(0, 23), days, aMonth, anInstant, (minute, hour, [dom, dow], month, after) => {
        const expression = [minute, hour, dom, month, dow].join(" ");
        fc.pre(!("problem" in parseCron(expression)));
        compare(expression, 200, after);
      }),
      { numRuns: 300 },
    );
  });

  it("on every day of thirty years", () => {
    fc.assert(
      fc.property(days, aMonth, anInstant, ([dom, dow], month, after) => {
        const expression = `0 0 ${dom} ${month} ${dow}`;
        fc.pre(!("problem" in parseCron(expression)));
        const count = firedBy(expression, after, after + 30 * yearMs).length;
        compare(expression, Math.max(1, count), after);
      }),
      { numRuns: 20 },
    );
  });

  it.each(["0 0 29 2 *", "0 12 13 * FRI", "0 0 31 * *", "59 23 28-31 2,4 SUN"])("over the year 2100: %s", (each) => {
    compare(each, 500, Date.UTC(2095, 0));
  });

  it("and never where it is a fault for want of days", () => {
    fc.assert(
      fc.property(aField(1, 31), fc.constantFrom("2", "4", "FEB,JUN", "*"), (dom, month) => {
        const never = "problem" in parseCron(`0 0 ${dom} ${month} *`);
        expect(never).toBe(nextByCroner(`0 0 ${dom} ${month} *`, 1, 0).length === 0);
      }),
      { numRuns: 50 },
    );
  });
});
