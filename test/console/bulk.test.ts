import { describe, expect, it } from "vitest";
import type { Execution, Job } from "../../console/src/api/types.ts";
import { filterLabels } from "../../console/src/bulk/filter-labels.ts";
import { rerunsSearch } from "../../console/src/bulk/reruns-search.ts";
import { countOf, countText, mayMatch, paceText } from "../../console/src/parts/count-text.ts";
import { meetsText, narrowed } from "../../console/src/parts/meets.ts";

describe("the filters of a job", () => {
  it("are shown in words, functions by their names", () => {
    const filters = {
      states: ["failed", "aborted"],
      function_ids: ["the-id", "gone"],
      created_at: { from: "2026-11-29T12:00:00.000Z" },
      metadata: [
        { key: "customer", values: ["acme", "globex"] },
        { key: "state", values: ["x"] },
      ],
      schedule: "nightly",
      error_fingerprint: "the-kind",
    };
    const from = new Date(filters.created_at.from).toLocaleString();
    const names = new Map([
      ["the-id", "sendInvoice"],
      ["the-kind", "MailError of sendInvoice"],
    ]);
    expect(filterLabels(filters, names)).toEqual([
      { name: "state", value: "failed or aborted" },
      { name: "function", value: "sendInvoice or gone" },
      { name: "created", value: `from ${from}` },
      { name: "customer", value: "acme or globex" },
      { name: "state", value: "x" },
      { name: "schedule", value: "nightly" },
      { name: "failure", value: "MailError of sendInvoice" },
    ]);
  });

  it("survive what nobody expects", () => {
    const filters = {
      error_fingerprint: "b842ece66e66f152f9fabf1592cc65d9",
      states: "failed",
      later: null,
      created_at: {},
    };
    expect(filterLabels(filters, new Map())).toEqual([
      { name: "failure", value: "of one kind" },
      { name: "state", value: "failed" },
      { name: "later", value: "null" },
      { name: "created", value: "" },
    ]);
  });
});

describe("a job", () => {
  it("counts no more than it can touch", () => {
    const customer = [{ key: "customer", values: ["acme"] }];
    expect(narrowed("rerun", { states: ["failed"] }, false)).toEqual({ states: ["failed"] });
    expect(narrowed("cancel", { metadata: customer }, false)).toEqual({ metadata: customer, states: ["created"] });
    expect(narrowed("cancel", { states: ["failed", "started"] }, true)).toEqual({ states: ["started"] });
    expect(narrowed("cancel", { states: ["failed", "started"] }, false)).toBeUndefined();
    expect(narrowed("reschedule", { states: ["failed"] }, true)).toBeUndefined();
    expect(narrowed("reschedule", {}, false)).toEqual({ states: ["created"] });
    expect([meetsText("cancel", 1, false), meetsText("cancel", 2, true), meetsText("rerun", 2, false)]).toEqual([
      "waiting execution",
      "waiting or running executions",
      "executions",
    ]);
  });

  it("leads to what it has run again", () => {
    const created_at = "2026-11-29T12:00:00.000Z";
    const functionOf = new Map([
      ["the-id", "sendWelcome"],
      ["the-kind", "sendInvoice"],
    ]);
    const search = (filters: Job["filters"]) => rerunsSearch({ filters, created_at } as Job, functionOf);
    expect(search({})).toEqual({ from: created_at });
    expect(search({ error_fingerprint: "the-kind", states: ["failed"] })).toEqual({
      function: "sendInvoice",
      from: created_at,
    });
    const metadata = [
      { key: "customer", values: ["acme"] },
      { key: "region", values: ["eu", "us"] },
    ];
    expect(search({ function_ids: ["the-id", "gone"], metadata })).toEqual({
      function: "sendWelcome",
      "meta.customer": "acme",
      from: created_at,
    });
  });
});

describe("the count of what a job would meet", () => {
  const counted = (matched: number, isMore: boolean) => ({
    matched,
    matched_is_lower_bound: isMore,
    sample: Array.from({ length: Math.min(matched, 10) }, () => ({ function_name: "sendInvoice" }) as Execution),
  });

  it("is all, where it came to the end", () => {
    expect([mayMatch(counted(0, false)), mayMatch(counted(312, false))]).toEqual([false, true]);
    expect(countOf(counted(312, false))).toBe("312");
    const kind = { error_fingerprint: "kind" };
    expect(countText(counted(312, false), kind, "executions")).toBe("312 executions of sendInvoice.");
    expect(countText(counted(312, false), {}, "executions")).toBe("312 executions, the oldest of sendInvoice.");
    expect(paceText("rerun", counted(312, false), 20)).toBe(
      "Takes about 16 s. Costs less than a cent and what the functions themselves use.",
    );
    expect(paceText("cancel", counted(312, false), 20)).toBe("Takes about 16 s.");
  });

  it("claims nothing about what was not looked at: the job may start, though nothing was found", () => {
    expect([mayMatch(counted(0, true)), mayMatch(counted(312, true))]).toEqual([true, true]);
    expect(countOf(counted(312, true))).toBe("312 or more");
    expect(countText(counted(0, true), {}, "executions")).toBe(
      "None matches among those looked at so far. The job looks at the others, too.",
    );
    expect(paceText("cancel", counted(0, true), 20)).toBe("How long it takes is not known.");
    expect(paceText("rerun", counted(312, true), 20)).toBe(
      "Takes at least 16 s. Costs about $12 for a million and what the functions themselves use.",
    );
  });
});
