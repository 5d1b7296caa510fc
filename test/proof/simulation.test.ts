import { describe, expect, it } from "vitest";
import { planOf, shrink } from "./plan.ts";
import { simulate } from "./simulation.ts";

// More seeds: npm run simulate -- --seeds 1..10000. A failing one is shrunk there.

const SEEDS = 300;
const GROUP = 50;

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

describe("a failing plan", () => {
  it("is shrunk to the fewest executions and faults that fail", async () => {
    const plan = { ...planOf(1), faults: ["killed processes", "late messages", "clocks apart"] as const };
    const isBroken = async ({ executions, faults }: typeof plan | ReturnType<typeof planOf>) =>
      executions.includes(plan.executions[2] as never) && faults.includes("late messages");
    expect(await shrink(plan, isBroken)).toMatchObject({ executions: [plan.executions[2]], faults: ["late messages"] });
  });
});
