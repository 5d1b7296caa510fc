import type { DeadLetter, DeadLetters } from "../core/ports.ts";
import type { Subject } from "../core/subject.ts";
import { decide } from "./decide.ts";
import type { DispatchPorts } from "./dispatch.ts";

export interface RevivePorts extends DispatchPorts {
  deadLetters: DeadLetters;
  /** Called with an execution whose letter could not be worked; without one if the letters could not be read. */
  onError: (problem: ReviveProblem, subject: Subject | undefined, error: unknown) => void;
}

type ReviveProblem = "execution not recovered" | "dead letters not read";

/** Time for which SQS keeps a message: what could not start by then is left to the count of its dispatches. */
const MAX_REVIVAL_MS = 14 * 86_400_000;

/**
 * Marks executions whose messages were put aside as not dispatched: the sweep sends them however many others wait, and
 * does not count that as a dispatch, since an outage may last longer than any count. A letter goes once its record is
 * written; read twice it sends a message twice, and the second one is stale.
 * @param untilMs no page is read after that
 */
export async function revive(ports: RevivePorts, untilMs: number): Promise<{ errors: number; isCutShort: boolean }> {
  let errors = 0;
  const failed = (problem: ReviveProblem, subject?: Subject) => (error: unknown) => {
    errors += 1;
    ports.onError(problem, subject, error);
  };
  const reviveOrReport = (letter: DeadLetter) => {
    const { executionId } = letter.message;
    return reviveOne(ports, letter).catch(failed("execution not recovered", { executionId }));
  };
  try {
    for await (const letters of ports.deadLetters.read()) {
      await Promise.all(letters.map(reviveOrReport));
      if (ports.clock.now() >= untilMs) return { errors, isCutShort: true };
    }
  } catch (error) {
    failed("dead letters not read")(error);
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
