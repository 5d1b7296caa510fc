import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Known, type Page, withNewest, withOlder } from "../../console/src/executions/merge-page.ts";
import { filtersOf, isFilter } from "../../console/src/parts/filters.ts";
import { formatDistance, formatDuration } from "../../console/src/ui/duration.ts";

interface Row {
  id: string;
}

const rowsOf = (ids: string): Row[] => [...ids].map((id) => ({ id }));
const pageOf = (ids: string, next?: string): Page<Row> => ({
  data: rowsOf(ids),
  page_info: { has_next_page: next !== undefined, end_cursor: next },
});
const idsOf = ({ rows }: Known<Row>) => rows.map(({ id }) => id).join("");

describe("the rows of a list", () => {
  const known = withOlder(withNewest(undefined, pageOf("fed", "d")), pageOf("cba"));

  it("are the pages one after the other", () => {
    expect([idsOf(known), known.next]).toEqual(["fedcba", undefined]);
  });

  it("begin with the newest page when it is read again", () => {
    expect(idsOf(withNewest(known, pageOf("hgf", "f")))).toBe("hgfedcba");
  });

  it("lose those that no longer match", () => {
    expect(idsOf(withNewest(known, pageOf("gd", "d")))).toBe("gdcba");
    expect(idsOf(withNewest(known, pageOf("", "x")))).toBe("");
  });

  it("have no gap: where more came than fits a page, that page alone is known", () => {
    const next = withNewest(known, pageOf("mlk", "k"));
    expect([idsOf(next), next.next]).toEqual(["mlk", "k"]);
  });

  it("are all that there is when the page is the last one", () => {
    expect(idsOf(withNewest(known, pageOf("f")))).toBe("f");
  });

  it("are never doubled and always newest first", () => {
    const ids = fc.uniqueArray(fc.constantFrom(..."abcdefghijklmnop"), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(ids, fc.boolean()), { minLength: 1 }), (pages) => {
        let list: Known<Row> | undefined;
        for (const [some, isNewest] of pages) {
          const page = pageOf(some.sort().reverse().join(""), "next");
          list = list === undefined || isNewest ? withNewest(list, page) : withOlder(list, page);
          const found = idsOf(list);
          expect(found).toBe([...new Set(found)].sort().reverse().join(""));
        }
      }),
    );
  });
});

describe("filters in an address", () => {
  const ids = new Map([["sendInvoice", "the-id"]]);
  const nowMs = Date.parse("2026-11-29T12:00:00.000Z");

  it("become those of the API", () => {
    const search = { state: "failed,aborted", function: "sendInvoice", since: "1h", "meta.customer": "acme, inc" };
    expect(filtersOf(search, ids, nowMs)).toEqual({
      states: ["failed", "aborted"],
      function_ids: ["the-id"],
      created_at: { from: "2026-11-29T11:00:00.000Z" },
      metadata: [{ key: "customer", values: ["acme, inc"] }],
    });
  });

  it("name each of the times, from and to, so long ago, or so long ahead", () => {
    const [from, to] = ["2026-11-28T00:00:00.000Z", "2026-11-28T06:00:00.000Z"];
    expect(filtersOf({ from, "due.within": "1h", "started.since": "15m" }, ids, nowMs)).toEqual({
      created_at: { from },
      scheduled_at: { from: "2026-11-29T12:00:00.000Z", to: "2026-11-29T13:00:00.000Z" },
      started_at: { from: "2026-11-29T11:45:00.000Z" },
    });
    expect(filtersOf({ "due.to": to, "started.from": from, "started.to": to }, ids, nowMs)).toEqual({
      scheduled_at: { to },
      started_at: { from, to },
    });
    expect(["due.within", "started.to", "due.other"].map(isFilter)).toEqual([true, true, false]);
  });

  it("match nothing by an unknown function, instead of everything", () => {
    expect(filtersOf({ function: "gone" }, ids, nowMs).function_ids).toHaveLength(1);
  });

  it("are apart from what else is there", () => {
    expect(filtersOf({ tab: "logs", since: "soon" }, ids, nowMs)).toEqual({});
    expect(["state", "meta.tab", "tab"].map(isFilter)).toEqual([true, true, false]);
  });
});

describe("a span of time", () => {
  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [4_240, "4.2 s"],
    [9_960, "10 s"],
    [59_400, "59 s"],
    [185_000, "3 m 5 s"],
    [7_200_000, "2 h"],
    [187_200_000, "2 d 4 h"],
  ])("%i ms is %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [0, "now"],
    [-12_000, "12 s ago"],
    [90_000, "in 1 min"],
    [-30 * 3_600_000, "30 h ago"],
    [-72 * 3_600_000, "3 days ago"],
  ])("from now of %i ms is %s", (ms, text) => expect(formatDistance(1e12 + ms, 1e12)).toBe(text));
});
