import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";

// On dynalite: the contract of the lists is tested on both.

describe("paging while executions come and end", () => {
  let running: RunningCloud;
  beforeAll(async () => {
    running = await aCloud({ dynamodb: "dynalite" });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  it.each([
    ["of a pair", { metadata: [{ key: "stays", values: ["yes", "no"] }] }],
    ["of what is in progress", { states: ["created", "started", "aborting"] }],
    ["of everything", {}],
  ])("through a list %s skips and repeats nothing", async (_, filters) => {
    const { calls } = running;
    const later = { schedule_for: new Date(Date.now() + 600_000).toISOString() };
    const stay = await Promise.all(
      Array.from({ length: 15 }, () => calls.enqueue("echo", [], { ...later, metadata: { stays: "yes" } })),
    );
    let isOver = false;
    const churn = Array.from({ length: 2 }, async () => {
      while (!isOver) {
        const id = await calls.enqueue("echo", [1], { metadata: { stays: "no" } });
        const other = await calls.enqueue("echo", [], { ...later, metadata: { stays: "no" } });
        await calls.send("POST", `/${other}/cancellation`, {});
        await calls.ended(id);
      }
    });
    const seen: string[] = [];
    for (let after: string | undefined, isMore = true; isMore; ) {
      const page = (await calls.send("POST", "", { filters, page: { first: 5, after } })) as Page;
      seen.push(...page.data.map(({ id }) => id));
      isMore = page.page_info.has_next_page;
      after = page.page_info.end_cursor;
    }
    isOver = true;
    await Promise.all(churn);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(seen.toSorted().reverse());
    expect(seen).toEqual(expect.arrayContaining(stay));
  });
});

interface Page {
  data: { id: string }[];
  page_info: { has_next_page: boolean; end_cursor?: string };
}
