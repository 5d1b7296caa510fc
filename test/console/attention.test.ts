import { describe, expect, it } from "vitest";
import type { Job } from "../../console/src/api/types.ts";
import { commonMetadata } from "../../console/src/attention/common-metadata.ts";
import { lastRerun } from "../../console/src/attention/last-rerun.ts";
import { lastDay, lastDayCount } from "../../console/src/parts/hours.ts";

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

describe("the last job that ran a kind of failure again", () => {
  const kind = { error_fingerprint: "kind", states: ["failed"] };
  const job = (id: string, changes: Partial<Job> = {}): Job => ({
    id,
    action: "rerun",
    state: "done",
    filters: kind,
    per_second: 20,
    examined: 3,
    matched: 3,
    done: 3,
    skipped: 0,
    failed: 0,
    failures: [],
    created_at: "2026-11-29T12:00:00.000Z",
    updated_at: "2026-11-29T12:01:00.000Z",
    ...changes,
  });
  const found = (...newestFirst: Job[]) => lastRerun(newestFirst, "kind")?.id;

  it("is the newest of that kind that did something, or still may", () => {
    expect(found()).toBeUndefined();
    expect(found(job("new"), job("old"))).toBe("new");
    expect(found(job("other", { filters: { ...kind, error_fingerprint: "other" } }), job("old"))).toBe("old");
    expect(found(job("cancel", { action: "cancel" }), job("all", { filters: {} }), job("old"))).toBe("old");
    expect(found(job("idle", { done: 0 }), job("old"))).toBe("old");
    expect(found(job("running", { done: 0, state: "running" }), job("old"))).toBe("running");
  });

  it("may have met only some of them", () => {
    const { error_fingerprint } = kind;
    expect(found(job("new", { filters: { error_fingerprint } }), job("old"))).toBe("new");
    expect(found(job("new", { filters: { ...kind, function_ids: ["the-id"] } }), job("old"))).toBe("new");
    expect(found(job("new", { limit: 2 }), job("old"))).toBe("new");
    expect(found(job("new", { state: "stopped" }), job("old"))).toBe("new");
    expect(found(job("new", { state: "failed", failed: 1 }), job("old"))).toBe("new");
  });
});
