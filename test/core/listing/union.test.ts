import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { budgetOf } from "../../../lambdas/core/listing/budget.ts";
import { isBefore } from "../../../lambdas/core/listing/postings.ts";
import { Union } from "../../../lambdas/core/listing/union.ts";
import { directions, drain, inOrder, keys, lists, readList, unlimited } from "./lists.ts";

const grouped = fc.array(fc.array(lists, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });
const wanted = fc.integer({ min: 1, max: 50 });

describe("a union", () => {
  it("gives every key of its lists once and in order, from a position to another", async () => {
    await fc.assert(
      fc.asyncProperty(
        grouped,
        directions,
        wanted,
        fc.option(keys, { nil: undefined }),
        fc.option(keys, { nil: undefined }),
        async (groups, direction, want, from, to) => {
          const union = new Union({ groups, read: readList, direction, from, to, wanted: want, budget: unlimited() });
          const all = inOrder(groups.flat(2), direction).filter(
            (key) =>
              !(from !== undefined && isBefore(key, from, direction)) &&
              !(to !== undefined && isBefore(to, key, direction)),
          );
          expect(await drain(union)).toEqual(all);
        },
      ),
    );
  });

  it("leaps to where it is told, and never gives a key twice", async () => {
    await fc.assert(
      fc.asyncProperty(
        grouped,
        directions,
        wanted,
        fc.array(fc.option(keys, { nil: undefined }), { maxLength: 20 }),
        async (groups, direction, want, leaps) => {
          const union = new Union({
            groups,
            read: readList,
            direction,
            from: undefined,
            wanted: want,
            budget: unlimited(),
          });
          let rest = inOrder(groups.flat(2), direction);
          for (const from of leaps) {
            rest = rest.filter((key) => from === undefined || !isBefore(key, from, direction));
            const key = rest.shift();
            expect(await union.next(from)).toEqual(key === undefined ? { stopped: "end" } : { key });
          }
        },
      ),
    );
  });

  it("stops when the budget is spent, says where, and can be taken up there", async () => {
    await fc.assert(
      fc.asyncProperty(
        grouped,
        directions,
        wanted,
        fc.integer({ min: 1, max: 30 }),
        async (groups, direction, want, items) => {
          const found: string[] = [];
          for (let from: string | undefined; ; ) {
            const union = new Union({ groups, read: readList, direction, from, wanted: want, budget: budgetOf(items) });
            let step = await union.next();
            for (; "key" in step; step = await union.next()) found.push(step.key);
            if (step.stopped === "end") break;
            expect(step.at).not.toBe(from);
            from = step.at;
          }
          expect(found).toEqual(inOrder(groups.flat(2), direction));
        },
      ),
    );
  });

  it("finds a key that moves on to a later group while it is read", async () => {
    const created = ["05"];
    const started: string[] = [];
    const union = new Union({
      groups: [[created], [started]],
      read: async (list, range) => {
        const read = await readList(list, range);
        // It moves between the reading of the two.
        if (list === started || started.length === 0) started.push(...created.splice(0));
        return read;
      },
      direction: "newestFirst",
      from: undefined,
      wanted: 10,
      budget: unlimited(),
    });
    expect(await drain(union)).toEqual(["05"]);
  });

  it("reads about as much as is wanted, however long its lists are", async () => {
    const long = (offset: number) =>
      Array.from({ length: 1000 }, (_, index) => (index * 4 + offset).toString(16).padStart(4, "0"));
    const budget = unlimited();
    let keysRead = 0;
    const union = new Union({
      groups: [[long(0), long(1), long(2), long(3)]],
      async read(list, range) {
        const answer = await readList(list, range);
        keysRead += answer.keys.length;
        return answer;
      },
      direction: "newestFirst",
      from: undefined,
      wanted: 51,
      budget,
    });
    for (let count = 0; count < 51; count++) await union.next();
    expect(keysRead).toBeLessThan(100);
    expect(budget.spent).toBe(4);
  });

  it("asks each of many partitions once for a page, and as long as it is cheap for more than it needs", async () => {
    const shards = Array.from({ length: 64 }, (): string[] => []);
    const random = fc.sample(fc.nat({ max: 63 }), { numRuns: 2_000, seed: 1 });
    for (const [key, shard] of random.entries()) shards[shard]?.push(key.toString(16).padStart(4, "0"));
    const budget = unlimited();
    const options = {
      groups: [shards],
      read: readList,
      direction: "newestFirst",
      from: undefined,
      wanted: 51,
    } as const;
    const union = new Union({ ...options, budget, requestCost: 1 / 16 });
    for (let count = 0; count < 51; count++) await union.next();
    expect(budget.spent).toBe(64 / 16);
  });
});
