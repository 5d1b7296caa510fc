import { type Direction, later, type Position, type Postings, type Step } from "./postings.ts";

/**
 * The keys that are in all of the lists. The list that is behind leaps to where another one already is, so that only
 * the stretches are read that can hold a common key.
 */
export function intersection<Key extends string>(
  lists: readonly [Postings<Key>, ...Postings<Key>[]],
  direction: Direction,
): Postings<Key> {
  return {
    async next(from?: Position): Promise<Step<Key>> {
      let step = await lists[0].next(from);
      // How many lists in a row have said the same key.
      for (let turn = 1, agreeing = 1; agreeing < lists.length; turn++) {
        if (!("key" in step)) return step;
        const list = lists[turn % lists.length] as Postings<Key>;
        const answer: Step<Key> = await list.next(step.key);
        if ("stopped" in answer && answer.stopped === "budget") {
          return { ...answer, at: later(answer.at, step.key, direction) };
        }
        agreeing = "key" in answer && answer.key === step.key ? agreeing + 1 : 1;
        step = answer;
      }
      return step;
    },
  };
}
