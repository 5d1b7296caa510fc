import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cronProblem } from "../../../lambdas/core/schedules/cron-ticks.ts";
import { nextTick, nextTicks, type TickRule, ticksToRun } from "../../../lambdas/core/schedules/ticks.ts";
import { isZone } from "../../../lambdas/core/schedules/zone.ts";
import { differences } from "./compare.ts";

const at = (text: string) => Date.parse(text);
const iso = (ticks: readonly number[]) => ticks.map((tick) => new Date(tick).toISOString());
const paris = (cron: string): TickRule => ({ cron, timezone: "Europe/Paris" });

describe("a tick by cron", () => {
  it.each([
    ["30 2 * * *", "2027-03-27T12:00Z", ["2027-03-28T01:00:00.000Z", "2027-03-29T00:30:00.000Z"]],
    ["30 2 * * *", "2027-10-30T12:00Z", ["2027-10-31T00:30:00.000Z", "2027-11-01T01:30:00.000Z"]],
    ["30 1,2 * * *", "2027-03-27T12:00Z", ["2027-03-28T00:30:00.000Z", "2027-03-28T01:00:00.000Z"]],
    ["30 2,3 * * *", "2027-03-27T12:00Z", ["2027-03-28T01:00:00.000Z", "2027-03-28T01:30:00.000Z"]],
    ["*/30 2 * * *", "2027-10-30T12:00Z", ["2027-10-31T00:00:00.000Z", "2027-10-31T00:30:00.000Z"]],
    ["*/30 2 * * *", "2027-03-27T12:00Z", ["2027-03-29T00:00:00.000Z", "2027-03-29T00:30:00.000Z"]],
    ["*/20 30 2 * * *", "2027-03-27T12:00Z", ["2027-03-28T01:00:00.000Z", "2027-03-29T00:30:00.000Z"]],
    ["*/40 30 2 * * *", "2027-10-31T00:30:00Z", ["2027-10-31T00:30:40.000Z", "2027-11-01T01:30:00.000Z"]],
    ["0-59 0-59 0-23 * * *", "2027-10-31T01:00:00Z", ["2027-10-31T02:00:00.000Z", "2027-10-31T02:00:01.000Z"]],
    ["0 9 * * 1#1", "2027-01-31T12:00Z", ["2027-02-01T08:00:00.000Z", "2027-03-01T08:00:00.000Z"]],
    ["0 9 L * *", "2027-01-31T12:00Z", ["2027-02-28T08:00:00.000Z", "2027-03-31T07:00:00.000Z"]],
    ["@hourly", "2027-01-31T12:00Z", ["2027-01-31T13:00:00.000Z", "2027-01-31T14:00:00.000Z"]],
  ])("%s in Paris after %s", (cron, after, expected) => {
    expect(iso(nextTicks({ rule: paris(cron) }, at(after), 2))).toEqual(expected);
  });

  it("of Apia's lost day runs when the next day begins", () => {
    const rule = { cron: "0 12 * * *", timezone: "Pacific/Apia" };
    expect(iso(nextTicks({ rule }, at("2011-12-29T21:00Z"), 3))).toEqual([
      "2011-12-29T22:00:00.000Z",
      "2011-12-30T10:00:00.000Z",
      "2011-12-30T22:00:00.000Z",
    ]);
  });

  // Half an hour, a lost day, Ramadan, two hours, rules that were given up or changed lately.
  it.each([
    ["Australia/Lord_Howe", 2027],
    ["Pacific/Apia", 2011],
    ["Africa/Casablanca", 2027],
    ["Antarctica/Troll", 2027],
    ["America/Sao_Paulo", 2019],
    ["America/Mexico_City", 2022],
    ["Asia/Amman", 2022],
    ["Europe/Volgograd", 2020],
    ["America/Godthab", 2023],
    ["Africa/Cairo", 2023],
    ["Asia/Beirut", 2023],
    ["America/Nuuk", 2024],
    ["Asia/Gaza", 2026],
  ])("in %s, around each change of %d, is the one that a second reckoning finds", (zone, year) => {
    expect(differences(zone, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1))).toEqual([]);
  });

  it("comes strictly after, in order, whatever the moment", () => {
    const zones = fc.constantFrom("Europe/Paris", "Australia/Lord_Howe", "America/New_York", "Asia/Tehran", "UTC");
    const crons = fc.constantFrom("30 2 * * *", "*/7 * * * *", "15 0,1,2,3 * * 0", "30 59 23 L * *", "0 0 29 2 *");
    const moments = fc.integer({ min: at("2020-01-01T00:00Z"), max: at("2035-01-01T00:00Z") });
    fc.assert(
      fc.property(zones, crons, moments, (timezone, cron, afterMs) => {
        const ticks = nextTicks({ rule: { cron, timezone } }, afterMs, 3);
        expect(ticks).toHaveLength(3);
        for (const [index, tick] of ticks.entries()) expect(tick).toBeGreaterThan(ticks[index - 1] ?? afterMs);
        // A tick does not depend on when one asks for it.
        expect(nextTick({ rule: { cron, timezone } }, (ticks[0] ?? 0) - 1)).toBe(ticks[0]);
      }),
      { numRuns: 150 },
    );
  });
});

describe("a cron expression", () => {
  it.each(["0 9 * * MON-FRI", "*/5 * * * * *", "0 0 L * *", "0 0 1W * *", "@daily"])("%s is taken", (cron) => {
    expect(cronProblem(cron)).toBeUndefined();
  });

  it.each([
    ["* * * *", /4 fields/],
    ["0 0 0 1 1 * 2027", /7 fields/],
    ["61 * * * *", /not a cron expression/],
    ["0 0 31 2 *", /no time at all/],
    ["@reboot", /unknown nickname/],
    ["", /fields/],
    ["\u0000 * * * *", /not a cron expression/],
  ])("%j is refused", (cron, reason) => {
    expect(cronProblem(cron)).toMatch(reason);
  });

  it.each([
    ["Europe/Paris", true],
    ["UTC", true],
    ["Mars/Olympus", false],
    ["+02:00", false],
    ["", false],
  ])("zone %j: %s", (zone, expected) => {
    expect(isZone(zone)).toBe(expected);
  });
});

describe("a tick by interval", () => {
  const rule = { everySeconds: 90, anchorMs: at("2027-01-01T00:00:10Z") };

  it("is counted from the anchor, before and after it", () => {
    expect(iso(nextTicks({ rule }, at("2027-01-01T00:00:10Z"), 2))).toEqual([
      "2027-01-01T00:01:40.000Z",
      "2027-01-01T00:03:10.000Z",
    ]);
    expect(iso(nextTicks({ rule }, at("2026-12-31T23:59:00Z"), 1))).toEqual(["2027-01-01T00:00:10.000Z"]);
  });

  it("lies between start and end, both included", () => {
    const ticks = { rule, startsAtMs: at("2027-01-01T00:01:40Z"), endsAtMs: at("2027-01-01T00:03:10Z") };
    expect(nextTicks(ticks, 0, 10)).toHaveLength(2);
  });
});

describe("ticks that nobody could run", () => {
  const ticks = { rule: paris("0 * * * *") };
  const [from, now] = [at("2027-05-01T00:00Z"), at("2027-05-01T06:30Z")];

  it.each([
    ["latest", ["2027-05-01T06:00:00.000Z"]],
    ["none", []],
    ["all", ["01", "02", "03", "04", "05", "06"].map((hour) => `2027-05-01T${hour}:00:00.000Z`)],
  ] as const)("%s", (catchUp, expected) => {
    expect(iso(ticksToRun(ticks, from, now, catchUp))).toEqual(expected);
  });

  it.each(["latest", "none", "all"] as const)("of the last five minutes always run: %s", (catchUp) => {
    expect(iso(ticksToRun(ticks, from, at("2027-05-01T06:04Z"), catchUp)).at(-1)).toBe("2027-05-01T06:00:00.000Z");
  });

  it("are at most a thousand, the newest", () => {
    const rule = { everySeconds: 1, anchorMs: 0 };
    const run = ticksToRun({ rule }, 0, now, "all");
    expect(run).toHaveLength(1_000);
    expect(run.at(-1)).toBe(now);
  });
});
