import type { DeadLetter, DeadLetters } from "../core/ports.ts";
import { decide } from "./decide.ts";
import type { DispatchPorts } from "./dispatch.ts";

export interface RevivePorts extends DispatchPorts {
  deadLetters: DeadLetters;
  /** Hears of an execution, or of the letters, that could not be read. */
  onError: (subject: string, error: unknown) => void;
}

/** As long as SQS keeps a message: what could not start in that time is left to the count of its dispatches. */
const MAX_REVIVAL_MS = 14 * 86_400_000;

/**
 * Marks executions whose messages were put aside as not dispatched: the sweep sends them however many others wait, and
 * does not count that as a dispatch, since an outage may last longer than any count. A letter goes once its record is
 * written; read twice it sends a message twice, and the second one is stale.
 * @param untilMs no page is read after that
 */
export async function revive(ports: RevivePorts, untilMs: number): Promise<{ errors: number; isCutShort: boolean }> {
  let errors = 0;
  const failed = (subject: string) => (error: unknown) => {
    errors += 1;
    ports.onError(subject, error);
  };
  try {
    for await (const letters of ports.deadLetters.read()) {
      await Promise.all(letters.map((letter) => reviveOne(ports, letter).catch(failed(letter.message.executionId))));
      if (ports.clock.now() >= untilMs) return { errors, isCutShort: true };
    }
  } catch (error) {
    failed("dead letters")(error);
  }
  return { errors, isCutShort: false };
}

async function reviveOne(ports: RevivePorts, letter: DeadLetter): Promise<void> {
  const { executionId, revision, scheduledAtMs } = letter.message;
  if (ports.clock.now() < scheduledAtMs + MAX_REVIVAL_MS) {
    await decide(ports, executionId, { type: "undispatched", revision, wasPutAside: true });
  }
  await ports.deadLetters.remove(letter);
}
