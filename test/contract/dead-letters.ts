import { describe, expect, it } from "vitest";
import { aNewId } from "../../harness/an-execution.ts";
import type { DeadLetter, DeadLetters, DueMessage } from "../../lambdas/core/ports.ts";

/**
 * Tests the promises of every `DeadLetters`, for any implementation. `put` puts a text into the dead-letter queue of
 * this kind, and the letters are the only ones there.
 */
export function describeDeadLetters(
  name: string,
  make: () => { letters: DeadLetters; put: (text: string, kind: { fifo: boolean }) => Promise<void> },
): void {
  describe(`dead letters on ${name}`, () => {
    it("are read from all queues, until they are removed; what is not about an execution is left out", async () => {
      const { letters, put } = make();
      expect(await all(letters)).toEqual([]);
      const due = (second: number) =>
        ({ executionId: aNewId(second), revision: 2, functionName: "importContacts", scheduledAtMs: 1_000 }) as const;
      const messages: DueMessage[] = [due(1), due(2)];
      await put(JSON.stringify(messages[0]), { fifo: false });
      await put(JSON.stringify(messages[1]), { fifo: true });
      await put(JSON.stringify({ jobId: crypto.randomUUID(), step: 1 }), { fifo: false });
      await put("no JSON", { fifo: false });
      const found = await all(letters);
      expect(found.map(({ message }) => message)).toEqual(messages);
      for (const letter of found) await letters.remove(letter);
      expect(await all(letters)).toEqual([]);
    });
  });
}

async function all(letters: DeadLetters): Promise<DeadLetter[]> {
  return (await Array.fromAsync(letters.read())).flat();
}
