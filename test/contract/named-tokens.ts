import { describe, expect, it } from "vitest";
import type { ApiToken } from "../../lambdas/core/api-token.ts";
import type { NamedTokens } from "../../lambdas/core/ports.ts";

const aToken = (more: Partial<ApiToken> = {}): ApiToken => ({
  name: `ci-${crypto.randomUUID()}`,
  hash: "hash",
  scopes: ["read", "enqueue"],
  functions: ["importContacts"],
  createdAtMs: 1,
  createdBy: "admin",
  expiresAtMs: Date.now() + 3_600_000,
  ...more,
});

/** Tests the promises of every `NamedTokens`, for any implementation. */
export function describeNamedTokens(name: string, make: () => NamedTokens): void {
  describe(`named tokens on ${name}`, () => {
    it("are found by their names, and listed, until they are removed", async () => {
      const tokens = make();
      const { expiresAtMs: _, functions: __, ...forEver } = aToken();
      const all = [aToken(), forEver];
      for (const token of all) expect(await tokens.create(token)).toBe("created");
      for (const token of all) expect(await tokens.get(token.name, 0)).toEqual(token);
      await expect.poll(() => tokens.list()).toEqual(expect.arrayContaining(all));
      expect(await tokens.remove(forEver.name)).toBe("removed");
      expect(await tokens.remove(forEver.name)).toBe("unknown");
      expect(await tokens.get(forEver.name, 0)).toBeUndefined();
      await expect.poll(() => tokens.list()).not.toContainEqual(forEver);
    });

    it("keep their name until they expire", async () => {
      const tokens = make();
      const token = aToken();
      await tokens.create(token);
      expect(await tokens.create({ ...token, hash: "other" })).toBe("exists");
      expect((await tokens.get(token.name, 0))?.hash).toBe("hash");
      const expired = aToken({ expiresAtMs: Date.now() - 2_000 });
      await tokens.create(expired);
      expect(await tokens.create({ ...expired, hash: "other" })).toBe("created");
      expect((await tokens.get(expired.name, 0))?.hash).toBe("other");
      expect(await tokens.remove(expired.name)).toBe("unknown");
    });
  });
}
