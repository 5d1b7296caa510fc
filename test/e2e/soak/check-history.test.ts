import { describe, expect, it } from "vitest";
import { brokenByHistory } from "./check-history.ts";
import type { Call, History, Stored } from "./history.ts";
import type { Shown } from "./promises.ts";

const shown = (id: string, state: string, more: Partial<Shown> = {}): Shown => ({
  ...{
    id,
    state,
    function_name: "note",
    scheduled_at: "2026-11-25T00:00:00.000Z",
    created_at: "",
    attempt: 1,
    metadata: { key: id },
  },
  ...more,
});

const stored = (id: string, state: string, version: number): Stored => ({
  ...{ id, state, version, attempt: 1, functionName: "note", key: id },
});

let moment = 0;
const put = (outcome: Call["outcome"], idempotencyKey?: string, key?: string): Call => ({
  ...{ method: "PUT", path: "", body: { metadata: { key } }, idempotencyKey, outcome },
  ...{ invoked: moment++, answered: moment++ },
});
const get = (answer: unknown): Call => ({
  ...{ method: "GET", path: "/a", outcome: { answer }, invoked: moment++, answered: moment++ },
});

const good: History = {
  calls: [put({ answer: { data: shown("a", "created") } }, "k", "a"), get({ data: shown("a", "succeed") })],
  looks: [[stored("a", "created", 0)], [stored("a", "succeed", 2)]],
};

describe("a history", () => {
  it("in which every promise is kept breaks none", () => {
    expect(brokenByHistory(good, [shown("a", "succeed")])).toEqual([]);
  });

  it.each<[string, Partial<History>, Shown[], string]>([
    ["an acknowledged execution that is lost", {}, [], "a was acknowledged, and is lost"],
    ["one that never ends", {}, [shown("a", "started")], "a was acknowledged, and is started"],
    [
      "two answers for one key",
      { calls: [...good.calls, put({ answer: { data: shown("b", "created") } }, "k", "a")] },
      [shown("a", "succeed")],
      "the idempotency key k stands for a and b",
    ],
    [
      "a second execution of a key that was written without an answer",
      {
        calls: [...good.calls, put("unknown", "k", "a")],
        looks: [[stored("a", "succeed", 2), { ...stored("c", "succeed", 2), key: "a" }]],
      },
      [shown("a", "succeed"), shown("c", "succeed")],
      "the idempotency key k stands for a and c",
    ],
    [
      "a final state that changes",
      { calls: [...good.calls, get({ data: [shown("a", "failed")] })] },
      [shown("a", "succeed")],
      "a was succeed, and failed after that",
    ],
    [
      "a version that goes back",
      { looks: [[stored("a", "created", 3)], [stored("a", "succeed", 2)]] },
      [shown("a", "succeed")],
      "a went from version 3 back to 2",
    ],
    [
      "a write after the end",
      { looks: [[stored("a", "succeed", 2)], [stored("a", "succeed", 3)]] },
      [shown("a", "succeed")],
      "a was written after it was final",
    ],
    [
      "a list that shows another state than the record",
      { looks: [[stored("a", "failed", 2)]] },
      [shown("a", "succeed")],
      "the list shows a succeed 1 note, the records do not",
    ],
    [
      "a list that leaves one out",
      { looks: [[stored("a", "succeed", 2), stored("b", "succeed", 2)]] },
      [shown("a", "succeed")],
      "the list does not show b succeed 1 note",
    ],
    [
      "a list out of order",
      { looks: [[stored("a", "succeed", 2), stored("b", "succeed", 2)]] },
      [shown("a", "succeed"), shown("b", "succeed")],
      "the list is not in order",
    ],
  ])("with %s is found out", (_, changes, listed, broken) => {
    expect(brokenByHistory({ ...good, ...changes }, listed)).toContain(broken);
  });

  it("may show an earlier state where two looks overlap", () => {
    const overlapping = { ...get({ data: shown("a", "created") }), invoked: 2 };
    expect(brokenByHistory({ ...good, calls: [...good.calls, overlapping] }, [shown("a", "succeed")])).toEqual([]);
  });
});
