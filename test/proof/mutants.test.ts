import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { crashPoints, titleOf } from "./crash-points.ts";
import { mutants } from "./mutants.ts";
import { planOfKind } from "./plan.ts";
import { scenarios } from "./scenarios.ts";
import { simulate } from "./simulation.ts";

/** Several times what any mutant needs: each is found by every second plan of its kind, or more often. */
const PLANS = 20;

// With %s, since $name is cut off: -t finds a mutant by its whole name.
describe("the crash points of its scenario find", () => {
  const found = mutants.filter(({ scenario }) => scenario !== undefined);
  it.each(found.map(({ name, ...it }) => [name, it] as const))("%s", async (_, { scenario, mutate }) => {
    const [own, ...others] = scenarios.filter((it) => titleOf(it) === scenario);
    if (own === undefined || others.length > 0) throw new Error(`not one scenario is "${scenario}"`);
    expect((await crashPoints(own, { mutate, isFirstEnough: true })).broken).not.toEqual([]);
  });
});

describe("simulations by plans of its kind find", () => {
  const found = mutants.flatMap(({ name, plans, mutate }) => (plans === undefined ? [] : [{ name, plans, mutate }]));
  it.each(found.map(({ name, ...it }) => [name, it] as const))("%s", async (_, { plans, mutate }) => {
    const broken: string[] = [];
    for (let seed = 1; seed <= PLANS && broken.length === 0; seed++) {
      broken.push(...(await simulate(planOfKind(plans, seed), mutate)).broken);
    }
    expect(broken).not.toEqual([]);
  });
});

describe("docs/proof.md", () => {
  it("says of each mutant by what it is found", () => {
    const page = readFileSync(new URL("../../docs/proof.md", import.meta.url), "utf-8");
    const table = page.slice(page.indexOf("| mutant "), page.indexOf("## History")).trim().split("\n").slice(2);
    const rows = table.map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    expect(rows).toEqual(mutants.map(({ name, scenario = "", plans = "" }) => [name, scenario, plans]));
  });
});
