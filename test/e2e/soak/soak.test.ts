import { describe, expect, it } from "vitest";
import { soak } from "./soak.ts";

// Other seeds, with twice as many executions: npm run soak -- <seed> …, which CI does with five.

describe.concurrent("whatever goes wrong, every promise is kept", () => {
  it.each([1, 2])(
    "with seed %i",
    async (seed) => {
      const { broken, injected, states } = await soak(seed, 60);
      expect(injected.length).toBeGreaterThan(60);
      for (const who of [/-api /, /-fn-note /, /-fn-oneByOne /, /-sweep /]) {
        expect(injected.filter((fault) => fault.startsWith("killed") && who.test(fault))).not.toEqual([]);
      }
      expect(Object.keys(states).sort()).toEqual(["aborted", "cancelled", "discarded", "failed", "succeed"]);
      expect(broken).toEqual([]);
    },
    240_000,
  );
});
