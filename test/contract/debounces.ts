import { describe, expect, it } from "vitest";
import { aNewId } from "../../harness/an-execution.ts";
import type { Bound, Debounces } from "../../lambdas/core/ports.ts";

/** Tests the promises of every `Debounces`, for any implementation. */
export function describeDebounces(name: string, make: () => Debounces): void {
  const aBound = (): Bound => ({
    executionId: aNewId(),
    createdAtMs: Date.now(),
    expiresAtMs: Date.now() + 60_000,
  });

  describe(`debounces on ${name}`, () => {
    it("bind a key to one of many who ask at once, and to another only in place of the one that was seen", async () => {
      const debounces = make();
      const [functionId, key] = [crypto.randomUUID(), "~ a#b=c !"];
      expect(await debounces.get(functionId, key)).toBeUndefined();
      const wanted = [1, 2, 3, 4].map(aBound);
      const bound = await Promise.all(wanted.map((it) => debounces.bind(functionId, key, it, undefined)));
      expect(bound.filter(Boolean)).toHaveLength(1);
      const first = wanted[bound.indexOf(true)] ?? expect.unreachable();
      expect(await debounces.get(functionId, key)).toEqual(first);
      const second = aBound();
      expect(await debounces.bind(functionId, key, second, aNewId())).toBe(false);
      expect(await debounces.bind(functionId, key, second, first.executionId)).toBe(true);
      expect(await debounces.bind(functionId, key, aBound(), first.executionId)).toBe(false);
      expect(await debounces.get(functionId, key)).toEqual(second);
    });

    it("hold keys and functions apart", async () => {
      const debounces = make();
      const functionId = crypto.randomUUID();
      await debounces.bind(functionId, "a", aBound(), undefined);
      expect(await debounces.get(functionId, "a#")).toBeUndefined();
      expect(await debounces.get(crypto.randomUUID(), "a")).toBeUndefined();
    });
  });
}
