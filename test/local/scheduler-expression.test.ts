import { describe, it } from "vitest";
import { nextDue, parseExpression } from "../../local/services/scheduler/expression.ts";
import { eventBridgeTicks } from "../support/eventbridge-cron.ts";

/** Returns the next due times of an expression, as ISO text without seconds. */
function dues(expression: string, after: string, { count = 3, zone = "UTC" } = {}): string[] {
  const timing = parseExpression(expression, zone);
  if (timing === undefined) throw new Error(`not taken: ${expression}`);
  const found: string[] = [];
  let fromMs = Date.parse(after);
  const anchorMs = fromMs;
  while (found.length < count) {
    const due = nextDue(timing, fromMs, anchorMs);
    if (due === undefined) break;
    found.push(new Date(due).toISOString().replace(/:00\.000Z$/, ""));
    fromMs = due;
  }
  return found;
}

describe("a cron expression", () => {
  it.for<[string, string[]]>([
    ["cron(15 10 * * ? *)", ["2026-11-24T10:15", "2026-11-25T10:15", "2026-11-26T10:15"]],
    ["cron(0/25 9-10 * * ? *)", ["2026-11-24T09:00", "2026-11-24T09:25", "2026-11-24T09:50"]],
    ["cron(*/30 0 * * ? *)", ["2026-11-24T00:30", "2026-11-25T00:00", "2026-11-25T00:30"]],
    ["cron(10-30/10 5 * * ? *)", ["2026-11-24T05:10", "2026-11-24T05:20", "2026-11-24T05:30"]],
    ["cron(0 18 ? * MON-FRI *)", ["2026-11-24T18:00", "2026-11-25T18:00", "2026-11-26T18:00"]],
    ["cron(0 18 ? * 1,7 *)", ["2026-11-28T18:00", "2026-11-29T18:00", "2026-12-05T18:00"]],
    ["cron(0 18 ? * L *)", ["2026-11-28T18:00", "2026-12-05T18:00", "2026-12-12T18:00"]],
    ["cron(0 8 1 * ? *)", ["2026-12-01T08:00", "2027-01-01T08:00", "2027-02-01T08:00"]],
    ["cron(0 8 1 JAN,jul ? *)", ["2027-01-01T08:00", "2027-07-01T08:00", "2028-01-01T08:00"]],
    ["cron(0 8 31 * ? *)", ["2026-12-31T08:00", "2027-01-31T08:00", "2027-03-31T08:00"]],
    ["cron(0 8 L * ? *)", ["2026-11-30T08:00", "2026-12-31T08:00", "2027-01-31T08:00"]],
    ["cron(0 8 L 2 ? *)", ["2027-02-28T08:00", "2028-02-29T08:00", "2029-02-28T08:00"]],
    ["cron(0 8 29 FEB ? *)", ["2028-02-29T08:00", "2032-02-29T08:00", "2036-02-29T08:00"]],
    // 15 August 2027 is a Sunday, 15 January 2028 a Saturday.
    ["cron(0 8 15W 8 ? 2027)", ["2027-08-16T08:00"]],
    ["cron(0 8 15W 1 ? 2028)", ["2028-01-14T08:00"]],
    // Weekdays stay in their month: 1 May 2027 is a Saturday, 31 January 2027 a Sunday, 30 February never.
    ["cron(0 8 1W 5 ? 2027)", ["2027-05-03T08:00"]],
    ["cron(0 8 31W 1-3 ? 2027)", ["2027-01-29T08:00", "2027-03-31T08:00"]],
    ["cron(15 10 ? * 6L *)", ["2026-11-27T10:15", "2026-12-25T10:15", "2027-01-29T10:15"]],
    ["cron(15 10 ? * FRIL *)", ["2026-11-27T10:15", "2026-12-25T10:15", "2027-01-29T10:15"]],
    ["cron(0 9 ? * 2#1 *)", ["2026-12-07T09:00", "2027-01-04T09:00", "2027-02-01T09:00"]],
    ["cron(0 9 ? * MON#5 *)", ["2026-11-30T09:00", "2027-03-29T09:00", "2027-05-31T09:00"]],
    ["cron(0 0 1 1 ? 2027-2028)", ["2027-01-01T00:00", "2028-01-01T00:00"]],
    ["cron(0 0 1 1 ? 2020/4)", ["2028-01-01T00:00", "2032-01-01T00:00", "2036-01-01T00:00"]],
    ["cron(0 0 1 1 ? 2199)", ["2199-01-01T00:00"]],
    ["cron(0 0 1 1 ? 2025)", []],
    ["cron(0 0 30 2 ? *)", []],
    // Accepted by AWS: https://github.com/localstack/localstack/issues/13572
    ["cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)", ["2026-11-24T08:00", "2026-11-24T08:01", "2026-11-24T08:02"]],
    ["cron(1-31/30 1-1 ? * 1,7 *)", ["2026-11-28T01:01", "2026-11-28T01:31", "2026-11-29T01:01"]],
  ])("%s is due at %j", ([expression, expected], { expect }) => {
    expect(dues(expression, "2026-11-24T00:00:00Z")).toEqual(expected);
  });

  it.for([
    "cron(0 0 * * *)",
    "cron(0 0 * * * *)",
    "cron(0 0 ? * ? *)",
    "cron(0 0 1 * 2 *)",
    "cron(? 0 1 * ? *)",
    "cron(60 0 * * ? *)",
    "cron(*/60 24 * * ? *)",
    "cron(0 0 0 * ? *)",
    "cron(0 0 32 * ? *)",
    "cron(0 0 * 13 ? *)",
    "cron(0 0 ? * 0 *)",
    "cron(0 0 ? * 8 *)",
    "cron(0 0 ? * -1 *)",
    "cron(0 0 ? * 2#6 *)",
    "cron(0 0 ? * 2#1,3#1 *)",
    "cron(0 0 ? * 2/2 *)",
    "cron(0 0 ? * FRI-MON *)",
    "cron(0 0 L,1 * ? *)",
    "cron(0 0 LW * ? *)",
    "cron(0 0 W * ? *)",
    "cron(0 0 1 FOO ? *)",
    "cron(0 0 1 1 ? 1969)",
    "cron(0 0 1 1 ? 2200)",
    "cron(30-10 0 * * ? *)",
    "cron(0/0 0 * * ? *)",
    "cron(0, 0 * * ? *)",
    "cron(0  0 * * ? *)",
    "cron()",
    "@daily",
  ])("%s is refused", (expression, { expect }) => {
    expect(parseExpression(expression, "UTC")).toBeUndefined();
  });

  it("agrees with an independent implementation in test/support", ({ expect }) => {
    const fromMs = Date.parse("2027-01-30T22:17:00Z");
    for (const expression of ["cron(7/13 */5 ? 1-4/2 2-5 *)", "cron(0 3,9 28-31 * ? 2026-2028)"]) {
      const ticks = eventBridgeTicks(expression, fromMs, fromMs + 200 * 86_400_000);
      const found = dues(expression, new Date(fromMs).toISOString(), { count: ticks.length });
      expect(found).toEqual(ticks.map((tick) => new Date(tick).toISOString().slice(0, 16)));
      expect(ticks.length).toBeGreaterThan(9);
    }
  });
});

describe("a cron expression in a time zone", () => {
  it("follows daylight saving time", ({ expect }) => {
    const berlin = { zone: "Europe/Berlin" };
    expect(dues("cron(0 9 * * ? *)", "2027-03-26T12:00:00Z", berlin)).toEqual([
      "2027-03-27T08:00",
      "2027-03-28T07:00",
      "2027-03-29T07:00",
    ]);
  });

  it("skips times that the clocks skip", ({ expect }) => {
    // 02:00 becomes 03:00 on 28 March 2027.
    expect(dues("cron(30 2 * * ? *)", "2027-03-27T00:00:00Z", { zone: "Europe/Berlin" })).toEqual([
      "2027-03-27T01:30",
      "2027-03-29T00:30",
      "2027-03-30T00:30",
    ]);
  });

  it("runs once at a time that the clocks show twice", ({ expect }) => {
    // 02:00 becomes 01:00 on 7 November 2027.
    const zone = "America/New_York";
    const once = ["2027-11-07T05:30", "2027-11-08T06:30"];
    expect(dues("cron(30 1 * * ? *)", "2027-11-06T12:00:00Z", { count: 2, zone })).toEqual(once);
    expect(dues("cron(30 1 * * ? *)", "2027-11-07T06:00:00Z", { count: 1, zone })).toEqual(["2027-11-08T06:30"]);
    expect(dues("cron(0 * * * ? *)", "2027-11-07T04:30:00Z", { zone })).toEqual([
      "2027-11-07T05:00",
      "2027-11-07T07:00",
      "2027-11-07T08:00",
    ]);
  });

  it("supports zones with half-hour offsets, and beyond the date line", ({ expect }) => {
    expect(dues("cron(0 9 * * ? *)", "2026-11-24T00:00:00Z", { count: 1, zone: "Asia/Kolkata" })).toEqual([
      "2026-11-24T03:30",
    ]);
    expect(dues("cron(0 0 1 * ? *)", "2026-11-30T00:00:00Z", { count: 1, zone: "Pacific/Kiritimati" })).toEqual([
      "2026-11-30T10:00",
    ]);
    expect(dues("cron(0 0 L * ? *)", "2026-11-30T00:00:00Z", { count: 1, zone: "Pacific/Honolulu" })).toEqual([
      "2026-11-30T10:00",
    ]);
  });
});

describe("a rate expression", () => {
  it.for<[string, string[]]>([
    ["rate(1 minute)", ["2026-11-24T00:01", "2026-11-24T00:02", "2026-11-24T00:03"]],
    ["rate(36 hours)", ["2026-11-25T12:00", "2026-11-27T00:00", "2026-11-28T12:00"]],
    ["rate(2 days)", ["2026-11-26T00:00", "2026-11-28T00:00", "2026-11-30T00:00"]],
  ])("%s is due at %j", ([expression, expected], { expect }) => {
    expect(dues(expression, "2026-11-24T00:00:00Z")).toEqual(expected);
  });

  it("is first due at its start", ({ expect }) => {
    const timing = parseExpression("rate(5 minutes)", "UTC");
    expect(timing && [999, 1_000, 300_999].map((after) => nextDue(timing, after, 1_000))).toEqual([
      1_000, 301_000, 301_000,
    ]);
  });

  it.for(["rate(1 minutes)", "rate(5 minute)", "rate(0 minutes)", "rate(-1 minutes)", "rate(5 seconds)", "rate(5)"])(
    "%s is refused",
    (expression, { expect }) => {
      expect(parseExpression(expression, "UTC")).toBeUndefined();
    },
  );
});

describe("an at expression", () => {
  it("is due once, in its zone", ({ expect }) => {
    expect(dues("at(2026-12-24T18:00:00)", "2026-11-24T00:00:00Z")).toEqual(["2026-12-24T18:00"]);
    expect(dues("at(2026-12-24T18:00:00)", "2026-11-24T00:00:00Z", { zone: "Asia/Tokyo" })).toEqual([
      "2026-12-24T09:00",
    ]);
    expect(dues("at(2027-11-07T01:30:00)", "2026-11-24T00:00:00Z", { zone: "America/New_York" })).toEqual([
      "2027-11-07T05:30",
    ]);
  });

  it.for([
    "at(2026-02-30T00:00:00)",
    "at(2026-12-24T24:00:00)",
    "at(2026-12-24T18:00)",
    "at(2026-12-24 18:00:00)",
    "at(2026-12-24T18:00:00Z)",
    "at(2026-12-24T18:00:00.000)",
    "at()",
  ])("%s is refused", (expression, { expect }) => {
    expect(parseExpression(expression, "UTC")).toBeUndefined();
  });

  it("is refused for a time that the clocks skip", ({ expect }) => {
    expect(parseExpression("at(2027-03-28T02:30:00)", "Europe/Berlin")).toBeUndefined();
  });
});
