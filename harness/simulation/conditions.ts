import type { DueMessage } from "../../lambdas/core/ports.ts";
import type { memoryPorts } from "../memory/memory-ports.ts";
import { type SeededRandom, seededRandom } from "./seeded-random.ts";
import type { Network, Role, SimulatedProcess } from "./simulated-process.ts";
import type { Disorder } from "./simulated-queue.ts";

export type Ports = ReturnType<typeof memoryPorts>;

/** The circumstances under which a system runs. */
export interface Conditions {
  random: SeededRandom;
  network: Network;
  disorder: Disorder;
  /** How far behind the indexes are. */
  indexLagMs(): number;
  /** How old what a process knows of pauses is, which may be `maxAgeMs`. */
  pauseAgeMs(maxAgeMs: number): number;
  /** How far off the clock of a new process is. */
  clockOffsetMs(role: Role): number;
  /** How long a task takes from its launch to its begin; `undefined` if it stops before. */
  taskStartMs(): number | undefined;
  /** Whether no event tells of the end of a task. */
  isEventLost(): boolean;
  /** Whether all clocks show the same, so that no worker that lives is taken for dead. */
  agreesOnTime: boolean;
  /** Whether no process freezes, to do later what it had decided before. */
  isSteady: boolean;
  /** Whether every call is answered, so that a worker that lives is heard of. */
  isReliable: boolean;
  /** Whether no process dies or fails, so that each gives back what it holds. */
  isWell: boolean;
  /** Whether nothing goes wrong, so that what is due starts in time. */
  isCalm: boolean;
  /** How long after its time a schedule fires, each time it does: none if it never fires. */
  firings(): readonly number[];
  /** Called with each new process: it may be killed or frozen later. */
  onSpawn(process: SimulatedProcess): void;
  /** Changes the ports of a process on purpose, for mutants. `message` is what a worker handles. */
  mutate(ports: Ports, role: Role, message: DueMessage | undefined): Ports;
}

/** Six times a Lambda's timeout, in AWS. Less here: what a dead worker had comes back after it. */
const VISIBILITY_MS = 600_000;

/** Usually about a minute. */
export const TASK_START_MS = 60_000;

/** Nothing goes wrong. */
export function calm(): Conditions {
  return {
    random: seededRandom(1),
    network: { latencyMs: () => 1, faultOf: () => undefined },
    disorder: { lateMs: () => 0, isDoubled: () => false, visibilityMs: () => VISIBILITY_MS, which: () => 0 },
    indexLagMs: () => 0,
    pauseAgeMs: () => 0,
    clockOffsetMs: () => 0,
    taskStartMs: () => TASK_START_MS,
    isEventLost: () => false,
    agreesOnTime: true,
    isSteady: true,
    isReliable: false,
    isWell: false,
    isCalm: false,
    firings: () => [0],
    onSpawn: () => {},
    mutate: (ports) => ports,
  };
}
