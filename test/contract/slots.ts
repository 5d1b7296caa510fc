import { describe, expect, it } from "vitest";
import type { Slots } from "../../lambdas/core/ports.ts";

/** Tests the promises of every `Slots`, for any implementation. */
export function describeSlots(name: string, make: () => Slots): void {
  describe(`slots on ${name}`, () => {
    it("are written by who knows the version, of many who try at once by one", async () => {
      const slots = make();
      const id = crypto.randomUUID();
      expect(await slots.read(id)).toEqual({ slots: [], version: 0 });
      const record = (holder: string, version: number) => ({ slots: [{ holder, untilMs: 1 }], version });
      for (const version of [0, 1, 2]) {
        const written = await Promise.all([1, 2, 3, 4].map((n) => slots.write(id, record(`${version}-${n}`, version))));
        expect(written.filter(Boolean)).toHaveLength(1);
        const winner = written.indexOf(true) + 1;
        expect(await slots.read(id)).toEqual(record(`${version}-${winner}`, version + 1));
      }
    });
  });
}
