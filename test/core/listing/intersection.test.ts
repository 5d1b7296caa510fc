import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { budgetOf } from "../../../lambdas/core/listing/budget.ts";
import { intersection } from "../../../lambdas/core/listing/intersection.ts";
import type { Postings } from "../../../lambdas/core/listing/postings.ts";
import { Union } from "../../../lambdas/core/listing/union.ts";
import { directions, drain, inOrder, lists, postingsOf, readList, unlimited } from "./lists.ts";

const several = fc
  .tuple(lists, lists, fc.array(lists, { maxLength: 2 }))
  .map(([a, b, more]) => [a, b, ...more] as const);
const common = (all: readonly (readonly string[])[]) =>
  (all[0] ?? []).filter((key) => all.every((list) => list.includes(key)));

function intersect(all: readonly (readonly string[])[], make: (list: readonly string[]) => Postings) {
  const [first, ...rest] = all.map(make);
  if (first === undefined) throw new Error("at least one list");
  return [first, ...rest] as const;
}

describe("an intersection", () => {
  it("gives the keys that all lists have, in order", async () => {
    await fc.assert(
      fc.asyncProperty(several, directions, async (all, direction) => {
        const postings = intersection(
          intersect(all, (list) => postingsOf(list, direction)),
          direction,
        );
        expect(await drain(postings)).toEqual(inOrder(common(all), direction));
      }),
    );
  });

  it("of one list is that list", async () => {
    expect(await drain(intersection([postingsOf(["1", "2"], "oldestFirst")], "oldestFirst"))).toEqual(["1", "2"]);
  });

  // A budget must allow for one reading of each list, else there would be no progress.
  it("stops when the budget is spent and can be taken up where it stopped", async () => {
    await fc.assert(
      fc.asyncProperty(several, directions, fc.integer({ min: 20, max: 50 }), async (all, direction, items) => {
        const found: string[] = [];
        for (let from: string | undefined; ; ) {
          const budget = budgetOf(items);
          const union = (list: readonly string[]) =>
            new Union({ groups: [[list]], read: readList, direction, from, wanted: 4, budget });
          const postings = intersection(intersect(all, union), direction);
          let step = await postings.next();
          for (; "key" in step; step = await postings.next()) found.push(step.key);
          if (step.stopped === "end") break;
          from = step.at;
        }
        expect(found).toEqual(inOrder(common(all), direction));
      }),
      { numRuns: 200 },
    );
  });

  it("leaps over what cannot be common", async () => {
    const long = Array.from({ length: 10_000 }, (_, index) => index.toString(16).padStart(4, "0"));
    const few = ["0010", "1000", "2000"];
    const budget = unlimited();
    const union = (list: readonly string[]) =>
      new Union({ groups: [[list]], read: readList, direction: "oldestFirst", from: undefined, wanted: 16, budget });
    expect(await drain(intersection([union(long), union(few)], "oldestFirst"))).toEqual(few);
    expect(budget.spent).toBeLessThan(100);
  });
});
