import { describe, expect, it } from "vitest";
import { aNewId } from "../../harness/an-execution.ts";
import type { IdempotencyKeys } from "../../lambdas/core/ports.ts";

/** Tests the promises of every `IdempotencyKeys`, for any implementation. */
export function describeIdempotencyKeys(name: string, make: () => IdempotencyKeys): void {
  const aRequest = () => ({
    executionId: aNewId(),
    fingerprint: crypto.randomUUID(),
    createdAtMs: Date.now(),
  });

  describe(`idempotency keys on ${name}`, () => {
    it("are bound to the first request, of many who ask at once too", async () => {
      const keys = make();
      const key = `~ ${crypto.randomUUID()} #!`;
      const requests = Array.from({ length: 10 }, aRequest);
      const bound = await Promise.all(requests.map((request) => keys.claim(key, request)));
      expect(requests).toContainEqual(bound[0]);
      for (const each of bound) expect(each).toEqual(bound[0]);
      expect(await keys.claim(key, aRequest())).toEqual(bound[0]);
      const other = aRequest();
      expect(await keys.claim(`${key}2`, other)).toEqual(other);
    });
  });
}
