import { beforeAll, describe, expect, it } from "vitest";
import { type Created, RERUN_OF } from "../../lambdas/core/execution.ts";
import { type ExecutionId, functionId, shardOf } from "../../lambdas/core/ids.ts";
import type { Partition } from "../../lambdas/core/listing/plan.ts";
import { beyond } from "../../lambdas/core/listing/postings.ts";
import type { Range } from "../../lambdas/core/listing/union.ts";
import type { Executions, Indexes } from "../../lambdas/core/ports.ts";
import { next } from "../../lambdas/core/transitions.ts";
import { aCreated, aNewId } from "../support/an-execution.ts";

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

    it("follow an execution from state to state", async () => {
      const execution = aCreated({ id: aNewId(5_000) });
      const shard = shardOf(execution.id, ports.indexes.shards);
      const isIn = async (state: "created" | "started") =>
        (await read({ index: "state", state, shard }, { from: execution.id, limit: 1 })).keys[0] === execution.id;
      await ports.executions.create(execution);
      expect([await isIn("created"), await isIn("started")]).toEqual([true, false]);
      const decision = next(execution, { type: "start", revision: 0, leaseMs: 1 }, 20_000);
      if (!("to" in decision)) throw new Error("a due execution must start");
      await ports.executions.apply(decision);
      expect([await isIn("created"), await isIn("started")]).toEqual([false, true]);
    });

    it("list overdue executions, the longest overdue first, until they are rechecked", async () => {
      const overdue = async (nowMs: number, isWaiting = false) => {
        const found: string[] = [];
        for await (const page of ports.indexes.overdue({ shard: 0, isWaiting }, nowMs)) found.push(...page);
        return found.filter((id) => late.some((each) => each.id === id));
      };
      const inShard = () => {
        for (;;) {
          const id = aNewId(9_000);
          if (shardOf(id, ports.indexes.shards) === 0) return id;
        }
      };
      const late = Array.from({ length: 30 }, (_, index) =>
        aCreated({ id: inShard(), scheduledAtMs: 0, recheckAtMs: 500 - index }),
      );
      await Promise.all(late.map((execution) => ports.executions.create(execution)));
      expect(await overdue(470)).toEqual([]);
      expect(await overdue(472)).toEqual([late[29]?.id, late[28]?.id]);
      expect(await overdue(500)).toHaveLength(30);
      const decision = next(late[29] as Created, { type: "cancel", force: false }, 600);
      if (!("to" in decision)) throw new Error("what waits can be cancelled");
      await ports.executions.apply(decision);
      expect(await overdue(500)).toHaveLength(29);
      // Executions that are known to wait stand apart.
      const waits = next(late[28] as Created, { type: "wait" }, 1_000);
      if (!("to" in waits)) throw new Error("what is overdue may wait");
      await ports.executions.apply(waits);
      expect(await overdue(1e9)).toHaveLength(28);
      expect(await overdue(1_000 + 299_999, true)).toEqual([]);
      expect(await overdue(1_000 + 300_000, true)).toEqual([late[28]?.id]);
    });
  });
}
