import { describe, expect, it } from "vitest";
import { filterLabels } from "../../console/src/bulk/filter-labels.ts";

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
    expect(filterLabels({ states: "failed", later: null, created_at: {} }, new Map())).toEqual([
      { name: "state", value: "failed" },
      { name: "later", value: "null" },
      { name: "created", value: "" },
    ]);
  });
});
