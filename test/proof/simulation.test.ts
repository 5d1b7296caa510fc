import { describe, expect, it } from "vitest";
import { mutants } from "./mutants.ts";
import { planOf, shrink } from "./plan.ts";
import { simulate } from "./simulation.ts";

// More seeds: npm run simulate -- --seeds 1..10000. A failing one is shrunk there.

const SEEDS = 300;
const GROUP = 50;

/** Seeds of special plans; see `plan.ts`. */
const HAS_BACKLOG = 50;
const END_WHILE_RENEWED = Array.from({ length: 40 }, (_, index) => 25 + 50 * index);
const CROWDED = 110;
const ABOVE_RATE = 20;
/** Seeds whose functions are paused while work waits. */
const WITH_PAUSES = [9, 23];
/** A seed that loses an announcement of an end. */
const LOSES_AN_END = 85;
/** The others, for what a change of the plans takes away from those above. */
const ORDINARY = Array.from({ length: 400 }, (_, index) => index + 1);
/** Seeds with bulk jobs and batches. */
const WITH_JOBS = [5, 80, 305];
/** A seed whose schedules are changed while their ticks are made. */
const CHANGED = 40;

describe("a whole system in disorder keeps every promise", () => {
  const groups = Array.from({ length: SEEDS / GROUP }, (_, index) => index * GROUP + 1);
  it.each(groups)(`for ${GROUP} seeds from %i on`, async (first) => {
    for (let seed = first; seed < first + GROUP; seed++) {
      const { broken } = await simulate(planOf(seed));
      expect(broken, `seed ${seed}`).toEqual([]);
    }
  });

  it("by plans that are the same when written to a file and read again", () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const plan = planOf(seed);
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    }
  });

  it("and is the same for the same seed", async () => {
    const [one, two] = [await simulate(planOf(7)), await simulate(planOf(7))];
    expect([...one.versions]).toEqual([...two.versions]);
  });
});

describe("the simulation finds", () => {
  // With %s, since $name is cut off: -t finds a mutant by its whole name.
  it.each(mutants.map(({ name, mutate }) => [name, mutate] as const))("%s", async (_, mutate) => {
    const found: string[] = [];
    for (const seed of [
      1,
      2,
      3,
      4,
      5,
      CROWDED,
      ABOVE_RATE,
      CHANGED,
      HAS_BACKLOG,
      ...WITH_JOBS,
      ...WITH_PAUSES,
      LOSES_AN_END,
      ...END_WHILE_RENEWED,
      ...ORDINARY,
    ]) {
      if (found.length === 0) found.push(...(await simulate(planOf(seed), mutate)).broken);
    }
    expect(found).not.toEqual([]);
  });
});

describe("a failing plan", () => {
  it("is shrunk to the fewest executions and faults that fail", async () => {
    const plan = { ...planOf(1), faults: ["killed processes", "late messages", "clocks apart"] as const };
    const isBroken = async ({ executions, faults }: typeof plan | ReturnType<typeof planOf>) =>
      executions.includes(plan.executions[2] as never) && faults.includes("late messages");
    expect(await shrink(plan, isBroken)).toMatchObject({ executions: [plan.executions[2]], faults: ["late messages"] });
  });
});
