import { describe, expect, it } from "vitest";
import type { Rates } from "../../lambdas/core/ports.ts";

/** Tests the promises of every `Rates`, for any implementation. */
export function describeRates(name: string, make: () => Rates): void {
  describe(`rates on ${name}`, () => {
    it("move on by an interval for each, from now where they are free", async () => {
      const rates = make();
      const id = crypto.randomUUID();
      expect(await rates.advance(id, "=", 100.5, 1_000)).toBe(1_000);
      expect(await rates.advance(id, "=", 100.5, 1_000)).toBe(1_100.5);
      expect(await rates.advance(id, "=", 100.5, 1_150)).toBe(1_201);
      expect(await rates.advance(id, "=", 100.5, 9_000)).toBe(9_000);
      expect(await rates.advance(id, "provider=other", 100.5, 1_000)).toBe(1_000);
    });

    it("give each of many who come at once a time of its own", async () => {
      const rates = make();
      const id = crypto.randomUUID();
      const times = await Promise.all(Array.from({ length: 20 }, () => rates.advance(id, "=", 10, 1_000)));
      expect(times.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => 1_000 + 10 * index));
    });
  });
}
