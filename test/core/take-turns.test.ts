import { expect, it } from "vitest";
import { takeTurns } from "../../lambdas/core/take-turns.ts";

it.each([
  [[], []],
  [[[]], []],
  [
    [["a1", "a2", "a3"], [], ["b1"], ["c1", "c2"]],
    ["a1", "b1", "c1", "a2", "c2", "a3"],
  ],
])("takes one of each list at a time: %j", (lists, taken) => {
  expect(takeTurns(lists)).toEqual(taken);
});
