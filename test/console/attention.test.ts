import { describe, expect, it } from "vitest";
import type { Job } from "../../console/src/api/types.ts";
import { commonMetadata } from "../../console/src/attention/common-metadata.ts";
import { earlierReruns } from "../../console/src/attention/earlier-reruns.ts";
import { lastDay, lastDayCount } from "../../console/src/attention/hours.ts";

describe("the metadata that failures have in common", () => {
  const of = (metadata: Record<string, string>) => ({ metadata });

  it("is what most of them share", () => {
    const failures = [of({ customer: "acme", region: "eu" }), of({ customer: "acme" }), of({ customer: "acme" })];
    expect(commonMetadata(failures, 3)).toEqual({ pairs: [{ key: "customer", value: "acme" }], shared: 3, of: 3 });
    failures.push(of({ customer: "globex" }));
    expect(commonMetadata(failures, 300)).toEqual({ pairs: [{ key: "customer", value: "acme" }], shared: 3, of: 4 });
  });

  it("is nothing where they differ, have none, or are alone", () => {
    expect(commonMetadata([of({ customer: "acme" }), of({ customer: "globex" })], 2)).toBeUndefined();
    expect(commonMetadata([of({}), of({})], 2)).toBeUndefined();
    expect(commonMetadata([of({ customer: "acme" })], 1)).toBeUndefined();
    expect(commonMetadata([], 0)).toBeUndefined();
  });

  it("tells of no more than were counted, though more have failed since", () => {
    const failures = Array.from({ length: 15 }, () => of({ customer: "acme" }));
    expect(commonMetadata(failures, 14)).toMatchObject({ shared: 14, of: 14 });
    expect(commonMetadata(failures, 1)).toBeUndefined();
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

describe("earlier jobs that ran a kind of failure again", () => {
  const at = (minute: number) => `2026-11-29T12:0${minute}:00.000Z`;
  const job = (minute: number, changes: Partial<Job> = {}): Job => ({
    id: `job-${minute}`,
    action: "rerun",
    state: "done",
    filters: { error_fingerprint: "kind", states: ["failed"] },
    per_second: 20,
    examined: 3,
    matched: 3,
    done: 3,
    skipped: 0,
    failed: 0,
    failures: [],
    created_at: at(minute),
    updated_at: at(minute),
    ...changes,
  });
  const found = (...newestFirst: Job[]) => {
    const { whole, partial } = earlierReruns(newestFirst, "kind");
    return [whole?.id, partial?.id];
  };

  it("are of that kind, and did something", () => {
    expect(found()).toEqual([undefined, undefined]);
    expect(found(job(1, { filters: { error_fingerprint: "other", states: ["failed"] } }))).toEqual([
      undefined,
      undefined,
    ]);
    expect(found(job(1, { action: "cancel" }), job(0, { done: 0 }))).toEqual([undefined, undefined]);
    expect(found(job(1, { done: 0, state: "running" }))).toEqual(["job-1", undefined]);
    expect(found(job(1), job(0))).toEqual(["job-1", undefined]);
  });

  it("have met all, or only some: filters, a limit, an early end", () => {
    const narrow = { error_fingerprint: "kind", states: ["failed"], metadata: [{ key: "a", values: ["b"] }] };
    expect(found(job(1, { filters: narrow }))).toEqual([undefined, "job-1"]);
    expect(found(job(1, { filters: { error_fingerprint: "kind" } }))).toEqual([undefined, "job-1"]);
    expect(found(job(1, { limit: 2 }))).toEqual([undefined, "job-1"]);
    expect(found(job(2, { state: "stopped" }), job(1), job(0))).toEqual(["job-1", "job-2"]);
    expect(found(job(2), job(1, { state: "failed" }))).toEqual(["job-2", undefined]);
  });

  it("have met all where they go on from one that did", () => {
    const from = (minute: number) => ({
      filters: { error_fingerprint: "kind", states: ["failed"], started_at: { from: at(minute) } },
    });
    expect(found(job(2, from(1)), job(1))).toEqual(["job-2", undefined]);
    expect(found(job(3, from(2)), job(2, from(1)), job(1))).toEqual(["job-3", undefined]);
    expect(found(job(2, from(0)), job(1))).toEqual(["job-1", "job-2"]);
    expect(found(job(2, from(1)), job(1, { state: "stopped" }))).toEqual([undefined, "job-2"]);
  });
});
