import type { Execution } from "../../lambdas/core/execution.ts";
import { createSystem, type System } from "./system.ts";

// Crowds of executions that are asked for at once, in the simulated system: for fairness.test.ts and for the bench of
// it.

const SECOND_MS = 1_000;

/** How long one execution of a crowd takes. */
export const TAKES_MS = 2 * SECOND_MS;

/** The rate limit of `fourASecond`. */
const PACE_MS = 250;

/** Returns how long another tenant's execution waits that is asked for ten seconds after the crowd of one tenant. */
export async function behindCrowd(crowd: number): Promise<number> {
  const system = createSystem();
  const of = (customer: string) => ({ metadata: { customer } });
  for (let count = 0; count < crowd; count++) void system.enqueue("perCustomer", { ms: TAKES_MS }, of("acme"));
  await system.wait(10 * SECOND_MS);
  const askedAtMs = system.time.now();
  void system.enqueue("perCustomer", { ms: TAKES_MS }, of("globex"));
  await system.wait(TAKES_MS);
  const [startedAtMs = Infinity] = startsOf(system, ({ metadata }) => metadata["customer"] === "globex");
  return startedAtMs - askedAtMs;
}

/** A crowd above a rate of four a second. */
export interface Drained {
  /** Times of the starts, in order. */
  starts: number[];
  /** How late each of them was, by the pace of the rate. */
  lateMs: number[];
  /** The most writes that the record of one execution had, its creation and end included. */
  maxWrites: number;
}

/** Lets a crowd start at the pace of a rate. */
export async function aboveRate(crowd: number): Promise<Drained> {
  const system = createSystem();
  for (let count = 0; count < crowd; count++) void system.enqueue("fourASecond", { ms: 10 });
  await system.settle(2 * 3_600 * SECOND_MS);
  const starts = startsOf(system, () => true).sort((a, b) => a - b);
  const [begunAtMs = 0] = starts;
  // Two at once is what the rate may burst.
  const lateMs = starts.map((ms, index) => ms - (begunAtMs + Math.max(0, index - 1) * PACE_MS));
  const writes = [...system.history.versions.values()].map((versions) => versions.length);
  return { starts, lateMs, maxWrites: Math.max(...writes) };
}

function startsOf({ history }: System, isWanted: (execution: Execution) => boolean): number[] {
  return [...history.versions.values()].flatMap((versions) => {
    const started = versions.find(({ state }) => state === "started");
    return started !== undefined && "startedAtMs" in started && isWanted(started) ? [started.startedAtMs] : [];
  });
}
