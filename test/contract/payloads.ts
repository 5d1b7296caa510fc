import { describe, expect, it } from "vitest";
import type { Payloads } from "../../lambdas/core/ports.ts";

/** Tests the promises of every `Payloads`, for any implementation. */
export function describePayloads(name: string, make: () => Payloads): void {
  const key = () => `arguments/${crypto.randomUUID()}.json`;

  describe(`payloads on ${name}`, () => {
    it.each([
      ["stay where they are up to the border", "12345", { inline: "12345" }],
      ["become objects beyond it", "123456", { bytes: 6 }],
      ["are measured in bytes, not characters", "ééé", { bytes: 6 }],
    ])("%s, and are read as they were", async (_, text, stored) => {
      const payloads = make();
      const at = key();
      const payload = await payloads.store(at, text, 5, "application/json");
      expect(payload).toEqual(stored);
      expect(await payloads.read(payload, at)).toBe(text);
    });

    it("are kept once more, whatever becomes of the first", async () => {
      const payloads = make();
      expect(await payloads.copy({ inline: "12345" }, key(), key())).toEqual({ inline: "12345" });
      const [first, copied] = [key(), key()];
      const copy = await payloads.copy(await payloads.store(first, "ééé", 5, "application/json"), first, copied);
      expect(copy).toEqual({ bytes: 6 });
      expect(await payloads.read(copy, copied)).toBe("ééé");
    });

    it("are not found when they are no longer kept", async () => {
      const payloads = make();
      const [gone, at] = [{ bytes: 6 }, key()];
      const notFound = { kind: "not_found", message: expect.stringContaining(at) as string };
      await expect(payloads.read(gone, at)).rejects.toMatchObject(notFound);
      await expect(payloads.copy(gone, at, key())).rejects.toMatchObject(notFound);
      await expect(payloads.expire(gone, at, "application/json")).rejects.toMatchObject(notFound);
      await expect(payloads.renew(gone, at, "application/json")).rejects.toMatchObject(notFound);
      await expect(payloads.link(at)).rejects.toMatchObject(notFound);
    });

    it("are there as they were while they expire, and when they are renewed", async () => {
      const payloads = make();
      for (const text of ["12345", "123456"]) {
        const at = key();
        const payload = await payloads.store(at, text, 5, "application/json");
        await payloads.expire(payload, at, "application/json");
        expect(await payloads.read(payload, at)).toBe(text);
        await payloads.renew(payload, at, "application/json");
        expect(await payloads.read(payload, at)).toBe(text);
      }
    });
  });
}
