import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aNewId, inEveryState } from "../../harness/an-execution.ts";
import { memoryExecutions } from "../../harness/memory/memory-executions.ts";
import { type Execution, errorCodes, freshStates, type State, states } from "../../lambdas/core/execution.ts";
import { type Filters, matches } from "../../lambdas/core/filters.ts";
import { type ExecutionId, functionId, newExecutionId, shardOf, timeOf } from "../../lambdas/core/ids.ts";
import type { Cursor } from "../../lambdas/core/listing/cursor.ts";
import type { Page, PageRequest } from "../../lambdas/core/listing/page.ts";
import { isBefore } from "../../lambdas/core/listing/postings.ts";
import type { Indexes } from "../../lambdas/core/ports.ts";
import { listExecutions, walkExecutions } from "../../lambdas/flows/list-executions.ts";

const DAY_MS = 86_400_000;
const parents = ["01939a3c-0000-7000-8000-0000000000aa", "01939a3c-0000-7000-8000-0000000000bb"] as ExecutionId[];
const templates = new Map(inEveryState().map((execution) => [execution.state, execution]));

const anExecution = fc
  .record({
    state: fc.constantFrom<State>(...states),
    functionId: fc.constantFrom("f1", "f2", "f3"),
    executedBy: fc.option(fc.constantFrom(...parents), { nil: undefined }),
    rerunOf: fc.option(fc.constantFrom(...parents), { nil: undefined }),
    scheduleName: fc.option(fc.constantFrom("daily", "hourly"), { nil: undefined }),
    errorFingerprint: fc.option(fc.constantFrom("f".repeat(32), "e".repeat(32)), { nil: undefined }),
    // The id of a tick has another time.
    tickDelayMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -DAY_MS, max: 60_000 })),
    createdAtMs: fc.oneof(fc.integer({ min: 0, max: 500_000 }), fc.integer({ min: DAY_MS, max: 9 * DAY_MS })),
    random: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    delayMs: fc.integer({ min: -1000, max: 1000 }),
    isFresh: fc.boolean(),
    type: fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined }),
    user: fc.constantFrom("1", "2"),
  })
  .map(({ state, tickDelayMs, random, delayMs, isFresh, type, user, ...given }): Execution => {
    const { executedBy, rerunOf, scheduleName, errorFingerprint, ...rest } = given;
    const { createdAtMs } = rest;
    const template = templates.get(state) as Execution;
    return {
      ...template,
      ...rest,
      ...("startedAtMs" in template && {
        startedAtMs: createdAtMs + Math.abs(delayMs),
      }),
      ...(isFresh && freshStates.some((it) => it === state) && { fresh: true }),
      ...(executedBy && { executedBy }),
      ...(rerunOf && { rerunOf }),
      ...(scheduleName && { scheduleName }),
      ...(errorFingerprint && { errorFingerprint }),
      id: newExecutionId(Math.max(0, createdAtMs + tickDelayMs), random, functionId("importContacts")),
      scheduledAtMs: createdAtMs + delayMs,
      metadata: { user, ...(type && { type }) },
    };
  });
const time = fc.option(fc.oneof(fc.integer({ min: 0, max: 500_000 }), fc.integer({ min: 0, max: 9 * DAY_MS })), {
  nil: undefined,
});
const someFilters: fc.Arbitrary<Filters> = fc.record({
  states: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.subarray([...states])),
  functionIds: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.subarray(["f1", "f2", "f9"])),
  errorCodes: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.subarray([...errorCodes])),
  executedBy: fc.option(fc.constantFrom(...parents), { nil: undefined, freq: 1 }),
  rerunOf: fc.option(fc.constantFrom(...parents), { nil: undefined, freq: 1 }),
  schedule: fc.option(fc.constantFrom("daily", "hourly"), { nil: undefined, freq: 1 }),
  errorFingerprint: fc.option(fc.constantFrom("f".repeat(32), "e".repeat(32)), { nil: undefined, freq: 1 }),
  createdAt: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, fc.record({ fromMs: time, toMs: time })),
  scheduledAt: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, fc.record({ fromMs: time, toMs: time })),
  startedAt: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, fc.record({ fromMs: time, toMs: time })),
  metadata: fc.subarray([
    { key: "type", values: ["a", "c"] },
    { key: "user", values: ["1"] },
    { key: "nobody", values: [] },
  ]),
} satisfies Record<keyof Filters, fc.Arbitrary<unknown>>);

/** Keys of an index that a read unit delivers; of the table it delivers two records. */
const KEYS_A_UNIT = 40;

function portsWith(executions: readonly Execution[], shards?: number) {
  const ports = memoryExecutions(shards);
  for (const execution of executions) ports.records.set(execution.id, execution);
  return { executions: ports, indexes: ports.indexes };
}

/** All pages from one end of the list to the other, each checked for what it says of its neighbours. */
async function allPages(
  list: (request: PageRequest) => Promise<Page<Execution>>,
  direction: PageRequest["direction"],
  limit: number,
) {
  const ids: string[] = [];
  for (let cursor: Cursor | undefined, count = 0; ; count++) {
    const page = await list({ direction, limit, cursor });
    const isForward = direction === "newestFirst";
    const hasBeyond = isForward ? page.hasNext : page.hasPrevious;
    expect(page.items.length).toBeLessThanOrEqual(limit);
    // Nothing changes here: what was there before is there still.
    if (ids.length > 0) expect(isForward ? page.hasPrevious : page.hasNext).toBe(true);
    if (count === 0) expect(isForward ? page.hasPrevious : page.hasNext).toBe(false);
    ids.push(...(isForward ? page.items : page.items.toReversed()).map(({ id }) => id));
    if (!hasBeyond) return ids;
    cursor = isForward ? page.end : page.start;
    expect(cursor).toBeDefined();
    if (count > 1000) throw new Error("the list has no end");
  }
}

describe("a list", () => {
  it("gives what the filters ask for, newest first, page by page, in both directions", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anExecution, { maxLength: 80, selector: ({ id }) => id }),
        someFilters,
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(1, 4, 64),
        async (executions, filters, limit, shards) => {
          const ports = portsWith(executions, shards);
          const expected = executions
            .filter((execution) => matches(execution, filters))
            .map(({ id }) => id)
            .sort()
            .reverse();
          const list = (request: PageRequest) => listExecutions(ports, filters, request);
          expect(await allPages(list, "newestFirst", limit)).toEqual(expected);
          expect(await allPages(list, "oldestFirst", limit)).toEqual(expected.toReversed());
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is walked oldest first, each execution once, up to those that are too young", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anExecution, { maxLength: 80, selector: ({ id }) => id }),
        someFilters,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 9 * DAY_MS }),
        async (executions, filters, wanted, beforeMs) => {
          const ports = portsWith(executions);
          const expected = executions.filter((it) => matches(it, filters) && timeOf(it.id) < beforeMs);
          const found: string[] = [];
          for (let from: string | undefined = " "; from !== undefined; ) {
            const walked = await walkExecutions(ports, filters, { from, beforeMs, wanted });
            expect(walked.executions.length).toBeLessThanOrEqual(wanted);
            found.push(...walked.executions.map(({ id }) => id));
            from = walked.next;
          }
          expect(found).toEqual(expected.map(({ id }) => id).sort());
        },
      ),
      { numRuns: 200 },
    );
  });

  const many = (count: number, change: (index: number) => Partial<Execution>): Execution[] =>
    Array.from({ length: count }, (_, index) => ({
      ...(templates.get("succeed") as Execution),
      ...(change(index) as object),
      id: aNewId(index),
    }));

  it("of two pairs has full pages, however the postings are spread over the shards", async () => {
    const metadata = [
      { key: "type", values: ["a", "b"] },
      { key: "user", values: ["1"] },
    ];
    for (let set = 0; set < 50; set++) {
      const executions = many(73, (index) => ({
        metadata: { type: index % 2 ? "a" : "b", user: index < 70 ? "1" : "2" },
      }));
      const page = await listExecutions(portsWith(executions), { metadata }, { direction: "newestFirst", limit: 50 });
      expect(page.items).toHaveLength(50);
    }
  });

  function counted(executions: readonly Execution[], shards?: number, readIndex?: Indexes["read"]) {
    const ports = portsWith(executions, shards);
    const read = readIndex ?? ports.indexes.read;
    const { getMany } = ports.executions;
    const count = { units: 0, indexUnits: 0 };
    ports.indexes.read = async (partition, range) => {
      const answer = await read(partition, range);
      // A request costs half a unit at least.
      count.units += Math.max(0.5, answer.keys.length / KEYS_A_UNIT);
      count.indexUnits += Math.max(0.5, answer.keys.length / KEYS_A_UNIT);
      return answer;
    };
    ports.executions.getMany = async (ids) => {
      count.units += ids.length / 2;
      return getMany(ids);
    };
    return { ports, count };
  }

  it.each<[string, (index: number) => Partial<Execution>, Filters]>([
    ["of everything", () => ({}), {}],
    ["of one function", (index) => ({ functionId: `f${index % 20}` }), { functionIds: ["f3"] }],
    [
      "of what failed, one in a hundred",
      (index) => (index % 100 === 0 ? (templates.get("failed") as Partial<Execution>) : {}),
      { states: ["failed"] },
    ],
    [
      "of a common and a rare pair",
      (index) => ({ metadata: { common: "1", ...(index % 100 === 0 && { rare: "1" }) } }),
      {
        metadata: [
          { key: "common", values: ["1"] },
          { key: "rare", values: ["1"] },
        ],
      },
    ],
    [
      "of two common pairs that have little in common",
      (index) => ({ metadata: index % 500 === 0 ? { a: "1", b: "1" } : index % 2 ? { a: "1" } : { b: "1" } }),
      {
        metadata: [
          { key: "a", values: ["1"] },
          { key: "b", values: ["1"] },
        ],
      },
    ],
    [
      "of re-runs",
      (index) => (index % 100 === 0 ? { rerunOf: parents[0] as ExecutionId } : {}),
      { rerunOf: parents[0] },
    ],
    [
      "of a schedule",
      (index) => (index % 100 === 0 ? { scheduleName: "daily" } : {}),
      { schedule: "daily", states: ["succeed"] },
    ],
    [
      "of a kind of failure",
      (index) => (index % 50 === 0 ? { errorFingerprint: "f".repeat(32) } : {}),
      { errorFingerprint: "f".repeat(32), functionIds: [functionId("importContacts")] },
    ],
    ["by the time of creation", (index) => ({ createdAtMs: index }), { createdAt: { fromMs: 4_000, toMs: 4_500 } }],
    ["without an index", () => ({ scheduledAtMs: 5 }), { scheduledAt: { fromMs: 6 } }],
  ])("%s costs 110 read units at most for a page, wherever it is", async (_, change, filters) => {
    const executions = many(5_000, change);
    const { ports, count } = counted(executions);
    const expected = executions.filter((execution) => matches(execution, filters)).map(({ id }) => id);
    const ids = await allPages(
      async (request) => {
        count.units = 0;
        const page = await listExecutions(ports, filters, request);
        expect(count.units).toBeLessThanOrEqual(110);
        return page;
      },
      "newestFirst",
      50,
    );
    expect(ids).toEqual(expected.toReversed());
  });

  /** Reads of the index of states from lists made once: those of the memory port go through all records each time. */
  function readStates(executions: readonly Execution[], shards: number): Indexes["read"] {
    const lists = Map.groupBy(executions, (it) => [it.state, it.fresh ?? false, shardOf(it.id, shards)].join());
    const ids = new Map(
      Array.from(lists, ([key, list]) => {
        const oldestFirst = list.map(({ id }) => id);
        return [key, { oldestFirst, newestFirst: oldestFirst.toReversed() }] as const;
      }),
    );
    return async (partition, { direction, from, to, limit }) => {
      if (partition.index !== "state") throw new Error(`${partition.index} is not expected`);
      const { state, isFresh, shard } = partition;
      const list = ids.get([state, isFresh, shard].join())?.[direction] ?? [];
      const start = from === undefined ? 0 : list.findIndex((id) => !isBefore(id, from, direction));
      const found = start === -1 ? [] : list.slice(start, start + limit);
      const keys = to === undefined ? found : found.filter((id) => !isBefore(to, id, direction));
      return { keys, isEnd: keys.length < limit };
    };
  }

  const waits = templates.get("created") as Execution;
  const runs = templates.get("started") as Execution;
  const manyIds = Array.from({ length: 101_000 }, (_, index) => aNewId(index));
  it.each<[string, (index: number) => Partial<Execution>]>([
    // 100,000 that wait and 1,000 that run, by their age.
    ["everywhere among those", (index) => (index % 101 === 0 ? runs : waits)],
    ["among those of the last minute", (index) => ({ ...(index % 101 === 0 ? runs : waits), fresh: true })],
    ["older than those of the last minute", (index) => (index < 1_000 ? runs : { ...waits, fresh: true })],
    ["newer than those of the last minute", (index) => ({ ...(index < 100_000 ? waits : runs), fresh: true })],
    ["newer than those of the last hour", (index) => (index < 100_000 ? waits : { ...runs, fresh: true })],
    [
      "both new and old",
      (index) => ({ ...(index % 101 === 0 ? runs : waits), ...(index % 2 === 0 && { fresh: true }) }),
    ],
  ])("of what runs costs 60 read units at most for a full page, with 100,000 that wait: %s", async (_, change) => {
    const executions = manyIds.map((id, index) => ({ ...change(index), id }) as Execution);
    const { ports, count } = counted(executions, 4, readStates(executions, 4));
    for (const states of [["started"], ["created"], ["created", "started"]] as const) {
      const expected = executions.filter((it) => states.some((state) => state === it.state)).map(({ id }) => id);
      for (const direction of ["newestFirst", "oldestFirst"] as const) {
        count.units = 0;
        const page = await listExecutions(ports, { states }, { direction, limit: 50 });
        expect(count.units).toBeLessThanOrEqual(60);
        expect(page.items.map(({ id }) => id)).toEqual(
          (direction === "newestFirst" ? expected.slice(-50) : expected.slice(0, 50)).toReversed(),
        );
      }
    }
  });

  it.each<[string, Filters, number]>([
    ["of one function", { functionIds: [functionId("importContacts")] }, 32],
    ["of what runs", { states: ["started"] }, 64],
    ["of what runs or waits", { states: ["created", "started"] }, 192],
  ])(
    "%s asks each partition once at 64 shards: half a unit for each, beside the records",
    async (_, filters, units) => {
      const executions = many(2_000, (index) => (index % 2 === 0 ? runs : waits));
      const { ports, count } = counted(executions, 64);
      const page = await listExecutions(ports, filters, { direction: "newestFirst", limit: 50 });
      expect(page.items).toHaveLength(50);
      expect(count.indexUnits).toBe(units);
      expect(count.units - count.indexUnits).toBeLessThanOrEqual(26);
    },
  );

  it("is full, and is walked in large steps, however many partitions its filters name", async () => {
    const functionIds = Array.from({ length: 12 }, (_, index) => `f${index}`);
    const values = Array.from({ length: 12 }, (_, index) => `v${index}`);
    const executions = many(2_000, (index) => ({
      ...(templates.get("failed") as Execution),
      functionId: `f${index % 12}`,
      metadata: { a: `v${index % 12}`, b: `v${index % 12}` },
    }));
    const filters: Filters = {
      functionIds,
      states: ["failed", "cancelled", "discarded", "aborted"],
      metadata: ["a", "b"].map((key) => ({ key, values })),
    };
    for (const shards of [1, 4, 64]) {
      const { ports, count } = counted(executions, shards);
      const page = await listExecutions(ports, filters, { direction: "newestFirst", limit: 50 });
      expect(page.items).toHaveLength(50);
      if (shards <= 4) expect(count.units).toBeLessThanOrEqual(110);
      const walked = await walkExecutions(ports, filters, { from: " ", beforeMs: 9 * DAY_MS, wanted: 50 });
      expect(walked.executions).toHaveLength(50);
    }
  });

  it("says that there is one before, also when the item of the cursor is no longer one of them", async () => {
    const executions = many(10, () => ({}));
    const ports = portsWith(executions);
    const filters: Filters = { states: ["succeed"] };
    const first = await listExecutions(ports, filters, { direction: "newestFirst", limit: 3 });
    const last = first.items.at(-1) as Execution;
    ports.executions.records.set(last.id, { ...(templates.get("failed") as Execution), id: last.id });
    const second = await listExecutions(ports, filters, { direction: "newestFirst", limit: 3, cursor: first.end });
    expect(second).toMatchObject({ hasPrevious: true, hasNext: true });
    expect(second.items.map(({ id }) => id)).toEqual(
      executions
        .toReversed()
        .slice(3, 6)
        .map(({ id }) => id),
    );
  });

  it("leaves out what the index still has and the record denies", async () => {
    const [execution] = many(1, () => ({}));
    const ports = portsWith([execution as Execution]);
    ports.indexes.read = async () => ({ keys: [(execution as Execution).id], isEnd: true });
    const page = await listExecutions(ports, { states: ["failed"] }, { direction: "newestFirst", limit: 3 });
    expect(page).toEqual({ items: [], hasNext: false, hasPrevious: false, start: undefined, end: undefined });
  });
});
