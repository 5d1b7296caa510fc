import { describe, expect, it } from "vitest";
import type { Attempt } from "../../lambdas/core/execution.ts";
import { newExecutionId } from "../../lambdas/core/ids.ts";
import type { Attempts } from "../../lambdas/core/ports.ts";

/** What every `Attempts` promises, whatever it stands on. */
export function describeAttempts(name: string, make: () => Attempts): void {
  const anAttempt = (): Attempt => ({
    executionId: newExecutionId(Date.now(), crypto.getRandomValues(new Uint8Array(16))),
    number: 2,
    startedAtMs: 1,
    finishedAtMs: 2,
    end: { state: "failed", errorCode: "ER0002" },
    result: { inline: '{"message":"é\\u0000"}' },
    logs: { key: "logs", bytes: 9 },
  });

  describe(`attempts on ${name}`, () => {
    it("are read as they were written", async () => {
      const attempts = make();
      const attempt = anAttempt();
      expect(await attempts.get(attempt.executionId, 2)).toBeUndefined();
      expect(await attempts.record(attempt)).toBe("recorded");
      expect(await attempts.get(attempt.executionId, 2)).toEqual(attempt);
      expect(await attempts.get(attempt.executionId, 1)).toBeUndefined();
    });

    it("are written once", async () => {
      const attempts = make();
      const attempt = anAttempt();
      await attempts.record(attempt);
      expect(await attempts.record({ ...attempt, end: { state: "succeed" } })).toBe("exists");
      expect(await attempts.get(attempt.executionId, 2)).toEqual(attempt);
    });
  });
}
