import { describe, expect, it } from "vitest";
import { aNewId, anAttempt } from "../../harness/an-execution.ts";
import type { Attempt } from "../../lambdas/core/execution.ts";
import type { Attempts } from "../../lambdas/core/ports.ts";

/** Tests the promises of every `Attempts`, for any implementation. */
export function describeAttempts(name: string, make: () => Attempts): void {
  const aNewOne = (number = 2): Attempt =>
    anAttempt({
      executionId: aNewId(),
      number,
      end: { state: "failed", errorCode: "ER0002" },
      result: { inline: '{"message":"é\\u0000"}' },
      logs: { bytes: 9 },
    });

  describe(`attempts on ${name}`, () => {
    it("are read as they were written", async () => {
      const attempts = make();
      const attempt = aNewOne();
      expect(await attempts.get(attempt.executionId, 2)).toBeUndefined();
      expect(await attempts.record(attempt)).toBe("recorded");
      expect(await attempts.get(attempt.executionId, 2)).toEqual(attempt);
      expect(await attempts.get(attempt.executionId, 1)).toBeUndefined();
    });

    it("are written once", async () => {
      const attempts = make();
      const attempt = aNewOne();
      await attempts.record(attempt);
      expect(await attempts.record({ ...attempt, end: { state: "succeed" } })).toBe("exists");
      expect(await attempts.get(attempt.executionId, 2)).toEqual(attempt);
    });

    it("are kept for longer as they are", async () => {
      const attempts = make();
      const attempt = aNewOne();
      await attempts.record(attempt);
      await attempts.keep(attempt, attempt.finishedAtMs + 1_000_000);
      expect(await attempts.get(attempt.executionId, 2)).toEqual(attempt);
    });

    it("are read together, as far as they are there", async () => {
      const attempts = make();
      const first = aNewOne(1);
      const third = { ...first, number: 3, end: { state: "aborted" } as const };
      await attempts.record(first);
      await attempts.record(third);
      expect(await attempts.getMany(first.executionId, [3, 2, 1])).toEqual(
        new Map([
          [1, first],
          [3, third],
        ]),
      );
      expect(await attempts.getMany(first.executionId, [])).toEqual(new Map());
    });
  });
}
