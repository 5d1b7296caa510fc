import { beforeAll, describe, expect, it } from "vitest";
import { aCreated, aNewId } from "../../harness/an-execution.ts";
import { type Created, type Execution, FRESH_MS, type OverduePart, RERUN_OF } from "../../lambdas/core/execution.ts";
import { type ExecutionId, functionId, shardOf } from "../../lambdas/core/ids.ts";
import type { Partition } from "../../lambdas/core/listing/plan.ts";
import { beyond } from "../../lambdas/core/listing/postings.ts";
import type { Range } from "../../lambdas/core/listing/union.ts";
import type { Executions, Indexes } from "../../lambdas/core/ports.ts";
import type { ExecutionEvent } from "../../lambdas/core/transitions/event.ts";
import { next } from "../../lambdas/core/transitions.ts";

/** Tests the promises of every `Indexes`, for any implementation. */
export function describeIndexes(name: string, make: () => { executions: Executions; indexes: Indexes }): void {
  describe(`indexes on ${name}`, () => {
    const functionName = `f${crypto.randomUUID()}`;
    const parent = aNewId();
    const own = functionId(functionName);
    const pair = { key: "a=b", value: crypto.randomUUID() };
    let ports: ReturnType<typeof make>;
    let all: Created[];
    let oldestFirst: ExecutionId[];

    beforeAll(async () => {
      ports = make();
      all = Array.from({ length: 12 }, (_, index) =>
        aCreated({
          id: aNewId(1_000 + index, functionName),
          functionName,
          functionId: own,
          executedBy: parent,
          rerunOf: parent,
          metadata: { [pair.key]: pair.value },
        }),
      );
      oldestFirst = all.map(({ id }) => id);
      await Promise.all(all.map((execution) => ports.executions.create(execution)));
    });

    const read = async (partition: Partition, range: Partial<Range> = {}) =>
      ports.indexes.read(partition, { direction: "oldestFirst", from: undefined, to: undefined, limit: 100, ...range });
    const children = { index: "executedBy", executedBy: parent } as const;

    it("have an execution where it belongs", async () => {
      expect((await read(children)).keys).toEqual(oldestFirst);
      expect((await read({ index: "metadata", key: "a=b", value: "x", shard: 0 })).keys).toEqual([]);
      for (const shard of Array(ports.indexes.shards).keys()) {
        const inShard = oldestFirst.filter((id) => shardOf(id, ports.indexes.shards) === shard);
        expect((await read({ index: "function", functionId: own, shard })).keys).toEqual(inShard);
        expect((await read({ index: "metadata", ...pair, shard })).keys).toEqual(inShard);
        expect((await read({ index: "metadata", key: RERUN_OF, value: parent, shard })).keys).toEqual(inShard);
        const everything = (await read({ index: "all", shard })).keys;
        expect(everything.filter((id) => oldestFirst.includes(id))).toEqual(inShard);
      }
    });

    it("are read from either end, up to a limit, and say whether there is more", async () => {
      const newestFirst = oldestFirst.toReversed();
      expect(await read(children, { limit: 5 })).toEqual({ keys: oldestFirst.slice(0, 5), isEnd: false });
      expect(await read(children, { limit: 5, direction: "newestFirst" })).toEqual({
        keys: newestFirst.slice(0, 5),
        isEnd: false,
      });
      expect(await read(children, { limit: 13 })).toMatchObject({ isEnd: true });
    });

    it.each(["oldestFirst", "newestFirst"] as const)("are read from one position to another, %s", async (direction) => {
      const ids = direction === "oldestFirst" ? oldestFirst : oldestFirst.toReversed();
      const [third, sixth] = [ids[2] as string, ids[5] as string];
      expect((await read(children, { direction, from: third })).keys).toEqual(ids.slice(2));
      expect((await read(children, { direction, from: beyond(third, direction) })).keys).toEqual(ids.slice(3));
      expect((await read(children, { direction, to: third })).keys).toEqual(ids.slice(0, 3));
      expect((await read(children, { direction, from: third, to: sixth })).keys).toEqual(ids.slice(2, 6));
      expect(await read(children, { direction, from: beyond(sixth, direction), to: sixth })).toEqual({
        keys: [],
        isEnd: true,
      });
    });

    const partsOf = async ({ id }: Execution) => {
      const found: string[] = [];
      for (const state of ["created", "started", "aborting"] as const) {
        for (const isFresh of [true, false]) {
          const partition = { index: "state", state, isFresh, shard: shardOf(id, ports.indexes.shards) } as const;
          const isIn = (await read(partition, { from: id, limit: 1 })).keys[0] === id;
          if (isIn) found.push(isFresh ? `fresh ${state}` : state);
        }
      }
      return found;
    };
    const apply = async (execution: Execution, event: ExecutionEvent, nowMs: number): Promise<Execution> => {
      const decision = next(execution, event, nowMs);
      if (!("to" in decision)) throw new Error(`${event.type} must be possible`);
      await ports.executions.apply(decision);
      return decision.to;
    };
    const start: ExecutionEvent = { type: "start", revision: 0, leaseMs: 45_000 };

    it("follow an execution from state to state", async () => {
      const execution = aCreated({ id: aNewId(5_000) });
      await ports.executions.create(execution);
      expect(await partsOf(execution)).toEqual(["created"]);
      await apply(execution, start, 20_000);
      expect(await partsOf(execution)).toEqual(["started"]);
    });

    it("have a fresh execution apart, until it is claimed and ended or is fresh no more", async () => {
      const execution = aCreated({ id: aNewId(5_000), recheckAtMs: 70_000, fresh: true });
      await ports.executions.create(execution);
      expect(await partsOf(execution)).toEqual(["fresh created"]);
      const started = await apply(execution, start, 20_000);
      expect(await partsOf(execution)).toEqual(["fresh started"]);
      const renewed = await apply(started, { type: "renew", attempt: 1, leaseMs: 500_000 }, 20_000);
      expect(await partsOf(execution)).toEqual(["started"]);
      const end = { type: "finish", attempt: 1, end: { state: "succeed" } } as const;
      await apply(renewed, end, 30_000);
      expect(await partsOf(execution)).toEqual([]);
    });

    it("list fresh executions that are overdue by their ids, what runs and what waits apart", async () => {
      const fresh = Array.from({ length: 12 }, (_, index) =>
        aCreated({ id: inFirstShard(30_000 + Math.floor(index / 2)), recheckAtMs: 70_000 + FRESH_MS, fresh: true }),
      );
      await Promise.all(fresh.map((execution) => ports.executions.create(execution)));
      const running = fresh.filter((_, index) => index % 3 === 0);
      await Promise.all(running.map((execution) => apply(execution, start, 30_100)));
      const waiting = fresh.filter((execution) => !running.includes(execution));
      const ids = (of: Execution[]) => of.map(({ id }) => id).sort();
      for (const [part, expected] of [
        ["started", running],
        ["created", waiting],
      ] as const) {
        expect(await overdue(fresh, part, 30_000 + FRESH_MS - 1)).toEqual([]);
        expect(await overdue(fresh, part, 30_005 + FRESH_MS)).toEqual(ids(expected));
        const first = expected.filter((it) => fresh.indexOf(it) < 4);
        expect(await overdue(fresh, part, 30_001 + FRESH_MS)).toEqual(ids(first));
      }
      for (const part of ["timed", "waiting"] as const) expect(await overdue(fresh, part, 1e9)).toEqual([]);
      // Once it is known to wait it stands with the others that do.
      const [first] = waiting as [Execution];
      await apply(first, { type: "wait" }, 70_000 + FRESH_MS);
      expect(await overdue(fresh, "created", 1e9)).toEqual(ids(waiting.slice(1)));
      expect(await overdue(fresh, "waiting", 1e9)).toEqual([first.id]);
    });

    const overdue = async (among: readonly Execution[], part: OverduePart, nowMs: number) => {
      const found: string[] = [];
      for await (const page of ports.indexes.overdue({ shard: 0, part }, nowMs)) found.push(...page);
      return found.filter((id) => among.some((each) => each.id === id));
    };
    const inFirstShard = (ms: number) => {
      for (;;) {
        const id = aNewId(ms);
        if (shardOf(id, ports.indexes.shards) === 0) return id;
      }
    };

    it("list overdue executions, the longest overdue first, until they are rechecked", async () => {
      const late = Array.from({ length: 30 }, (_, index) =>
        aCreated({ id: inFirstShard(9_000), scheduledAtMs: 0, recheckAtMs: 500 - index }),
      );
      const lateUntil = (nowMs: number, part: OverduePart = "timed") => overdue(late, part, nowMs);
      await Promise.all(late.map((execution) => ports.executions.create(execution)));
      expect(await lateUntil(470)).toEqual([]);
      expect(await lateUntil(472)).toEqual([late[29]?.id, late[28]?.id]);
      expect(await lateUntil(500)).toHaveLength(30);
      // Readers who leave early are given all of it, one after the other.
      const seen = new Set<string>();
      for (let reader = 0; reader < 200 && late.some(({ id }) => !seen.has(id)); reader++) {
        for await (const page of ports.indexes.overdue({ shard: 0, part: "timed" }, 500)) {
          for (const id of page) seen.add(id);
          break;
        }
      }
      expect(late.filter(({ id }) => !seen.has(id))).toEqual([]);
      await lateUntil(500);
      await apply(late[29] as Created, { type: "cancel", force: false }, 600);
      expect(await lateUntil(500)).toHaveLength(29);
      // Executions that are known to wait stand apart.
      await apply(late[28] as Created, { type: "wait" }, 1_000);
      expect(await lateUntil(1e9)).toHaveLength(28);
      expect(await lateUntil(1_000 + 299_999, "waiting")).toEqual([]);
      expect(await lateUntil(1_000 + 300_000, "waiting")).toEqual([late[28]?.id]);
    });
  });
}
