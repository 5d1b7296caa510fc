import { describe, expect, it } from "vitest";
import type { Pauses } from "../../lambdas/core/ports.ts";

/** Tests the promises of every `Pauses`, for any implementation. */
export function describePauses(name: string, make: () => Pauses): void {
  describe(`pauses on ${name}`, () => {
    it("are on until they are taken back, for one function", async () => {
      const pauses = make();
      const [id, other] = [crypto.randomUUID(), crypto.randomUUID()];
      expect(await pauses.isPaused(id, 0)).toBe(false);
      await pauses.pause(id);
      await pauses.pause(id);
      expect([await pauses.isPaused(id, 0), await pauses.isPaused(other, 0)]).toEqual([true, false]);
      await pauses.resume(id);
      await pauses.resume(id);
      expect(await pauses.isPaused(id, 0)).toBe(false);
    });

    it("tell who made them, and when", async () => {
      const pauses = make();
      const id = crypto.randomUUID();
      expect(await pauses.get(id)).toBeUndefined();
      await pauses.pause(id, "ci");
      expect(await pauses.get(id)).toEqual({ atMs: expect.any(Number) as number, by: "ci" });
      await pauses.resume(id);
      expect(await pauses.get(id)).toBeUndefined();
    });
  });
}
