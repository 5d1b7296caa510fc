import { describe, expect, it } from "vitest";
import { soak } from "./soak.ts";

// One seed takes a minute: the others are for npm run soak -- <seed> …

describe("whatever goes wrong, every promise is kept", () => {
  it.each([1, 2])(
    "with seed %i",
    async (seed) => {
      const { broken, injected } = await soak(seed);
      expect(injected.length).toBeGreaterThan(50);
      expect(broken).toEqual([]);
    },
    120_000,
  );
});
