import type { Ports } from "../../harness/simulation/conditions.ts";
import type { SeededRandom } from "../../harness/simulation/seeded-random.ts";
import type { System } from "../../harness/simulation/system.ts";
import { pause, resume } from "../../lambdas/flows/pause.ts";

/** A function that is paused for a while. Times count from the begin of the simulation. */
export interface PlannedPause {
  functionName: string;
  atMs: number;
  forMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Makes the pauses of a plan: none of most plans, and one at a time of a function. */
export function planPauses(random: SeededRandom, functions: readonly string[]): PlannedPause[] {
  const paused = [...new Set(functions)].filter(() => random.chance(0.1));
  return paused.map((functionName) => ({
    functionName,
    atMs: random.between(0, 4 * MINUTE),
    forMs: random.between(5 * SECOND, 6 * MINUTE),
  }));
}

/** Pauses and resumes a function as planned, however often that takes, and notes it. */
export async function keepPause(system: System, { functionName, forMs }: PlannedPause): Promise<void> {
  const { time, history } = system;
  const persistently = async (act: (ports: Ports) => Promise<unknown>) => {
    while (!("returned" in (await system.api(act)))) await time.sleep(2 * SECOND);
  };
  await persistently((ports) => pause(ports, functionName));
  const fromMs = time.now();
  await time.sleep(forMs);
  const noted = { functionName, fromMs, untilMs: time.now(), resumedAtMs: Infinity };
  history.pauses.push(noted);
  await persistently((ports) => resume(ports, functionName));
  noted.resumedAtMs = time.now();
}
