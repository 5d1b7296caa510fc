import { describe, expect, it } from "vitest";
import { type AtRest, brokenByHistory } from "./check-history.ts";
import { BULK, type ShownJob } from "./check-jobs.ts";
import { filtersFor } from "./check-lists.ts";
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

const stored = (id: string, state: string, version: number, more: Partial<Stored> = {}): Stored => ({
  ...{ id, state, version, attempt: 1, functionName: "note", functionId: "f", metadata: { key: id }, ...more },
});

let moment = 0;
const put = (outcome: Call["outcome"], idempotencyKey?: string, key?: string): Call => ({
  ...{ method: "PUT", path: "", body: { metadata: { key } }, idempotencyKey, outcome },
  ...{ invoked: moment++, answered: moment++ },
});
const post = (path: string, body: unknown, outcome: Call["outcome"]): Call => ({
  ...{ method: "POST", path, body, outcome, invoked: moment++, answered: moment++ },
});
const get = (answer: unknown): Call => ({
  ...{ method: "GET", path: "/a", outcome: { answer }, invoked: moment++, answered: moment++ },
});

const good: History = {
  calls: [put({ answer: { data: shown("a", "created") } }, "k", "a"), get({ data: shown("a", "succeed") })],
  looks: [[stored("a", "created", 0)], [stored("a", "succeed", 2)]],
};

/** An execution as it is read from the API; its lists are as the records say. */
const atRest = (listed: Shown[], more: Partial<AtRest> = {}): AtRest => ({ listed, filtered: [], jobs: [], ...more });

const ended = [shown("a", "succeed")];

describe("a history", () => {
  it("in which every promise is kept breaks none", () => {
    expect(brokenByHistory(good, atRest(ended))).toEqual([]);
  });

  it.each<[string, Partial<History>, Shown[], string]>([
    ["an acknowledged execution that is lost", {}, [], "a was acknowledged, and is lost"],
    ["one that never ends", {}, [shown("a", "started")], "a was acknowledged, and is started"],
    [
      "two answers for one key",
      { calls: [...good.calls, put({ answer: { data: shown("b", "created") } }, "k", "a")] },
      ended,
      "the idempotency key k stands for a and b",
    ],
    [
      "a second execution of a key that was written without an answer",
      {
        calls: [...good.calls, put("unknown", "k", "a")],
        looks: [[stored("a", "succeed", 2), stored("c", "succeed", 2, { metadata: { key: "a" } })]],
      },
      [shown("a", "succeed"), shown("c", "succeed")],
      "the idempotency key k stands for a and c",
    ],
    [
      "a final state that changes",
      { calls: [...good.calls, get({ data: [shown("a", "failed")] })] },
      ended,
      "a was succeed, and failed after that",
    ],
    [
      "a version that goes back",
      { looks: [[stored("a", "created", 3)], [stored("a", "succeed", 2)]] },
      ended,
      "a went from version 3 back to 2",
    ],
    [
      "a write after the end",
      { looks: [[stored("a", "succeed", 2)], [stored("a", "succeed", 3)]] },
      ended,
      "a was written after it was final",
    ],
    [
      "a list that shows another state than the record",
      { looks: [[stored("a", "failed", 2)]] },
      ended,
      "the list shows a succeed 1 note, the records do not",
    ],
    [
      "a list that leaves one out",
      { looks: [[stored("a", "succeed", 2), stored("b", "succeed", 2)]] },
      ended,
      "the list does not show b succeed 1 note",
    ],
    [
      "a list out of order",
      { looks: [[stored("a", "succeed", 2), stored("b", "succeed", 2)]] },
      [shown("a", "succeed"), shown("b", "succeed")],
      "the list is not in order",
    ],
  ])("with %s is found out", (_, changes, listed, broken) => {
    expect(brokenByHistory({ ...good, ...changes }, atRest(listed))).toContain(broken);
  });

  it("may show an earlier state where two looks overlap", () => {
    const overlapping = { ...get({ data: shown("a", "created") }), invoked: 2 };
    expect(brokenByHistory({ ...good, calls: [...good.calls, overlapping] }, atRest(ended))).toEqual([]);
  });
});

describe("lists by filters", () => {
  const records = [
    stored("a", "succeed", 2, { metadata: { key: "k0", customer: "acme" } }),
    stored("b", "failed", 2, { functionName: "mail", functionId: "m", metadata: { customer: "globex" } }),
  ];
  const byId = [shown("b", "failed", { function_name: "mail" }), shown("a", "succeed")];
  const read = (change: (what: string, listed: Shown[]) => Shown[] = (_, listed) => listed) =>
    filtersFor(records).map(({ filters: _, what, isMeant }) => {
      const meant = byId.filter(({ id }) => records.some((record) => record.id === id && isMeant(record)));
      return { what, isMeant, listed: change(what, meant) };
    });
  const broken = (filtered: AtRest["filtered"]) =>
    brokenByHistory({ calls: [], looks: [records] }, atRest(byId, { filtered }));

  it("are read by each function, each state, pairs of metadata, and all of these", () => {
    expect(broken(read())).toEqual([]);
    expect(
      read().flatMap(({ what, listed }) => (listed.length > 0 ? [`${what}: ${listed.map(({ id }) => id)}`] : [])),
    ).toEqual([
      "the list of note: a",
      "the list of mail: b",
      "the list of the succeed: a",
      "the list of the failed: b",
      "the list of acme: a",
      "the list of globex: b",
      "the list of what has succeeded of note by two keys: a",
    ]);
  });

  it.each([
    ["the list of mail", "b failed 1 mail"],
    ["the list of the failed", "b failed 1 mail"],
    ["the list of globex", "b failed 1 mail"],
    ["the list of what has succeeded of note by two keys", "a succeed 1 note"],
  ])("%s that leaves one out is found out, and one that shows what it must not", (name, missing) => {
    const empty = read((what, listed) => (what === name ? [] : listed));
    expect(broken(empty)).toEqual([`${name} does not show ${missing}`]);
    const whole = read((what, listed) => (what === name ? byId : listed));
    expect(broken(whole)).toEqual([expect.stringMatching(`^${name} shows . .* 1 .*, the records do not$`)]);
  });
});

describe("re-runs in a history", () => {
  const asked = (outcome: Call["outcome"]) => post("/a/reruns", {}, outcome);
  const answered = (id: string) => asked({ answer: { data: shown(id, "created") } });
  const rerun = (id: string, rerunOf = "a") => stored(id, "succeed", 2, { rerunOf });
  const broken = (calls: Call[], reruns: Stored[]) => {
    const records = [stored("a", "failed", 2), ...reruns];
    const listed = records.toReversed().map(({ id, state }) => shown(id, state));
    return brokenByHistory({ calls, looks: [records] }, atRest(listed));
  };

  it("are one of each call that was answered, and one or none of each other one", () => {
    expect(broken([answered("b"), asked("unknown"), asked({ refused: 409 })], [rerun("b")])).toEqual([]);
    expect(broken([answered("b"), asked("unknown")], [rerun("b"), rerun("c")])).toEqual([]);
  });

  it.each<[string, Call[], Stored[], string]>([
    ["more than were asked for", [answered("b")], [rerun("b"), rerun("c")], "a has 2 re-runs of 1 calls"],
    [
      "one for a refused call",
      [asked({ refused: 409 }), asked("unknown")],
      [rerun("b"), rerun("c")],
      "a has 2 re-runs of 1 calls",
    ],
    ["one of another execution", [answered("b")], [rerun("b", "c")], "b was answered as a re-run of a, and is none"],
    ["one for two calls", [answered("b"), answered("b")], [rerun("b")], "two calls were answered with one re-run"],
    ["one that is lost", [answered("b")], [], "b was acknowledged, and is lost"],
  ])("with %s are found out", (_, calls, reruns, expected) => {
    expect(broken(calls, reruns)).toContain(expected);
  });
});

describe("batches in a history", () => {
  const item = (key: string, idempotency_key?: string) => ({
    metadata: { key },
    ...(idempotency_key && { idempotency_key }),
  });
  const execution = (id: string) => ({ execution: shown(id, "created") });
  const batch = (data: object[]) => post("/batch", { executions: [item("a"), item("b", "k")] }, { answer: { data } });
  const broken = (calls: Call[], records: Stored[]) =>
    brokenByHistory(
      { calls, looks: [records] },
      atRest(records.toReversed().map(({ id, state, metadata }) => shown(id, state, { metadata }))),
    );
  const both = [stored("a", "succeed", 2), stored("b", "succeed", 2)];

  it("are answered for item by item: some may fail", () => {
    expect(broken([batch([execution("a"), execution("b")])], both)).toEqual([]);
    expect(broken([batch([execution("a"), { error: {} }])], both)).toEqual([]);
  });

  it.each<[string, Call[], Stored[], string]>([
    [
      "an item that is lost",
      [batch([execution("a"), execution("b")])],
      both.slice(0, 1),
      "b was acknowledged, and is lost",
    ],
    [
      "answers in another order",
      [batch([execution("b"), execution("a")])],
      both,
      "the item a of a batch was answered with b",
    ],
    [
      "two executions of one key",
      [batch([execution("a"), execution("b")]), batch([{ error: {} }, { error: {} }])],
      [...both, stored("c", "succeed", 2, { metadata: { key: "b" } })],
      "the idempotency key k stands for b and c",
    ],
  ])("with %s are found out", (_, calls, records, expected) => {
    expect(broken(calls, records)).toContain(expected);
  });
});

describe("bulk jobs in a history", () => {
  const job = (action: ShownJob["action"], more: Partial<ShownJob> = {}): ShownJob => ({
    ...{ id: "j", action, state: "done", filters: { metadata: [{ key: "bulk", values: [action] }] } },
    ...{ matched: 2, done: 2, skipped: 0, failed: 0, ...more },
  });
  const of = (bulk: string, id: string, more: Partial<Stored> = {}) =>
    stored(id, "cancelled", 2, { metadata: { bulk }, ...more });
  const cancelled = [of("cancel", "a", { job: "j" }), of("cancel", "b", { job: "j" })];
  const rerun = [
    of("rerun", "a"),
    of("rerun", "b"),
    of("rerun", "c", { rerunOf: "a" }),
    of("rerun", "d", { rerunOf: "b" }),
  ];
  const broken = (jobs: ShownJob[], records: Stored[], calls: Call[] = []) => {
    const listed = records.toReversed().map(({ id, state }) => shown(id, state));
    return brokenByHistory({ calls, looks: [records] }, atRest(listed, { jobs }));
  };
  const told = post(BULK, {}, { answer: { data: { id: "j" } } });

  it("have acted once on each that they match, as they count", () => {
    expect(broken([job("cancel")], cancelled, [told])).toEqual([]);
    expect(broken([job("rerun")], rerun)).toEqual([]);
    expect(
      broken([job("cancel", { done: 1, skipped: 1 })], [of("cancel", "a", { job: "j" }), of("cancel", "b")]),
    ).toEqual([]);
    // The answer was lost, again and again.
    expect(broken([job("cancel", { done: 1, failed: 1 })], cancelled)).toEqual([]);
  });

  it.each<[string, ShownJob[], Stored[], string]>([
    ["one that was acknowledged and is lost", [], [], "the job j was acknowledged, and is lost"],
    ["one that is never over", [job("cancel", { state: "running" })], cancelled, "the job j is running"],
    ["one that is not matched", [job("cancel", { matched: 1, done: 1 })], cancelled, "the job j has matched 1 of 2"],
    ["counts that do not add up", [job("cancel", { skipped: 1 })], cancelled, "the job j counts 2, 1 and 0 of 2"],
    [
      "one that is counted and not done",
      [job("cancel")],
      [of("cancel", "a", { job: "j" }), of("cancel", "b")],
      "the job j counts 2 done, and has done 1",
    ],
    [
      "one that is done and not counted",
      [job("cancel", { done: 1, skipped: 1 })],
      cancelled,
      "the job j counts 1 done, and has done 2",
    ],
    [
      "one that is re-run twice",
      [job("rerun")],
      [...rerun, of("rerun", "e", { rerunOf: "a" })],
      "the job j has re-run one twice",
    ],
    [
      "one that it does not match",
      [job("cancel")],
      [...cancelled, of("other", "c", { job: "j" })],
      "the job j has acted on c, which its filters do not match",
    ],
  ])("with %s are found out", (_, jobs, records, expected) => {
    expect(broken(jobs, records, [told])).toContain(expected);
  });
});
