import { describe, expect, it } from "vitest";
import { commonMetadata } from "../../console/src/attention/common-metadata.ts";
import { lastDay, lastDayCount } from "../../console/src/attention/hours.ts";

describe("the metadata that failures have in common", () => {
  const of = (metadata: Record<string, string>) => ({ metadata });

  it("is what most of them share", () => {
    const failures = [of({ customer: "acme", region: "eu" }), of({ customer: "acme" }), of({ customer: "acme" })];
    expect(commonMetadata(failures)).toEqual([{ key: "customer", value: "acme", count: 3 }]);
  });

  it("is nothing where they differ, or have none", () => {
    expect(commonMetadata([of({ customer: "acme" }), of({ customer: "globex" })])).toEqual([]);
    expect(commonMetadata([of({}), of({})])).toEqual([]);
    expect(commonMetadata([])).toEqual([]);
  });
});

describe("the last day", () => {
  const nowMs = Date.parse("2026-11-29T12:34:56.000Z");
  const byHour = [
    { hour: "2026-11-28T12:00:00.000Z", count: 7 },
    { hour: "2026-11-28T13:00:00.000Z", count: 2 },
    { hour: "2026-11-29T12:00:00.000Z", count: 5 },
  ];

  it("has 24 hours, this one last, and none that is older", () => {
    const hours = lastDay(byHour, nowMs);
    expect([hours.length, hours[0]?.count, hours.at(-1)?.count]).toEqual([24, 2, 5]);
    expect(lastDayCount(byHour, nowMs)).toBe(7);
  });
});
