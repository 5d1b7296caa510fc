import { describe, expect, it } from "vitest";
import { crashPoints } from "./crash-points.ts";
import { mutants } from "./mutants.ts";
import { scenarios } from "./scenarios.ts";

describe("the crash points find", () => {
  // Only the simulation has simultaneous workers and backlogs.
  it.each(mutants.filter(({ name }) => name.startsWith("no ")))("$name", async ({ mutate }) => {
    const broken: string[] = [];
    for (const scenario of scenarios) {
      broken.push(
        ...(await crashPoints(scenario, mutate)).broken.map((it) => `${scenario.flows} ${scenario.name}: ${it}`),
      );
      if (broken.length > 0) break;
    }
    expect(broken).not.toEqual([]);
  });
});
