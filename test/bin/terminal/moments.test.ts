import { describe, expect, it } from "vitest";
import { between, parseMoment, relative } from "../../../bin/terminal/moments.ts";

const NOW_MS = Date.parse("2026-11-23T09:00:00Z");

describe("a moment", () => {
  it.each([
    ["now", "2026-11-23T09:00:00.000Z"],
    ["90s", "2026-11-23T09:01:30.000Z"],
    ["1w", "2026-11-30T09:00:00.000Z"],
    ["2026-12-01T00:00+01:00", "2026-11-30T23:00:00.000Z"],
    ["2026-12-01T00:00:00.5Z", "2026-12-01T00:00:00.500Z"],
  ])("ahead: %s", (text, time) => expect(parseMoment(text, NOW_MS, "ahead")?.toISOString()).toBe(time));

  it("ago", () => expect(parseMoment("2h", NOW_MS, "ago")?.toISOString()).toBe("2026-11-23T07:00:00.000Z"));

  it.each(["", "1", "1y", "-1h", "2026-12-01", "2026-12-01T00:00:00", "2026-02-30T00:00:00Z", "tomorrow"])(
    "is not %j",
    (text) => expect(parseMoment(text, NOW_MS, "ahead")).toBeUndefined(),
  );
});

describe("a distance in time", () => {
  it.each([
    ["2026-11-23T09:00:00.400Z", "now"],
    ["2026-11-23T08:59:15Z", "45s ago"],
    ["2026-11-23T10:59:59Z", "in 1h"],
    ["2026-12-01T09:00:00Z", "in 8d"],
    ["2027-11-23T09:00:00Z", "in 52w"],
  ])("to %s is %s", (time, text) => expect(relative(time, NOW_MS)).toBe(text));

  it.each([
    [120, "120 ms"],
    [3_240, "3.2 s"],
    [310_000, "5m 10s"],
    [7_380_000, "2h 3m"],
  ])("of %i ms is %s", (ms, text) => {
    expect(between(new Date(NOW_MS).toISOString(), new Date(NOW_MS + ms).toISOString())).toBe(text);
  });
});
