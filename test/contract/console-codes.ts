import { describe, expect, it } from "vitest";
import type { ConsoleCodes } from "../../lambdas/core/ports.ts";

/** Tests the promises of every `ConsoleCodes`, for any implementation. */
export function describeConsoleCodes(name: string, make: () => ConsoleCodes): void {
  describe(`console codes on ${name}`, () => {
    it("are used once, also by many at the same time", async () => {
      const codes = make();
      const code = { id: crypto.randomUUID(), untilMs: Date.now() + 60_000 };
      const uses = await Promise.all(Array.from({ length: 10 }, () => codes.use(code)));
      expect(uses.filter(Boolean)).toEqual([true]);
      expect(await codes.use(code)).toBe(false);
      expect(await codes.use({ ...code, id: crypto.randomUUID() })).toBe(true);
    });
  });
}
