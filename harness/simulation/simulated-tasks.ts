import type { Slot } from "../../lambdas/core/lanes.ts";
import type { Launch, StoppedTask } from "../../lambdas/core/ports.ts";
import type { TaskExit } from "../../lambdas/core/task-exit.ts";
import { type Conditions, TASK_START_MS } from "./conditions.ts";
import type { History } from "./history.ts";
import type { SimulatedTime } from "./simulated-time.ts";

export interface TaskEnds {
  /** Runs the program of a task, from its begin to its end. */
  begin(task: string, launch: Launch): void;
  /** Receives the event of a task's end. */
  onStopped(stopped: StoppedTask): void;
}

/** The tasks of a system on Fargate: they start late or never, and the event of their end may be lost. */
export function simulatedTasks(time: SimulatedTime, history: History, conditions: Conditions, ends: TaskEnds) {
  /** Tasks by their launch, how they stopped, and when one began, or else somebody heard of its end. */
  const tasks = new Map<string, { launch: Launch; exit?: TaskExit; heardOfAtMs?: number }>();
  let eventsUnderWay = 0;

  function noteBegin(task: string): void {
    const known = tasks.get(task);
    if (known !== undefined) tasks.set(task, { heardOfAtMs: time.now(), ...known });
  }

  function stop(task: string, exit: TaskExit): void {
    const known = tasks.get(task);
    if (known === undefined) return;
    tasks.set(task, { ...known, exit });
    if (conditions.isEventLost()) return;
    eventsUnderWay++;
    time.at(time.now() + 1_000, () => {
      eventsUnderWay--;
      noteBegin(task);
      ends.onStopped({ task, launch: known.launch, exit });
    });
  }

  return {
    /** Launches a task, once whoever asks again. Returns its name. */
    run(launch: Launch): string {
      const task = `task/${launch.executionId}/${launch.revision}/${launch.number}`;
      if (tasks.has(task)) return task;
      const isBeside = ([, { launch: other, exit }]: [string, { launch: Launch; exit?: TaskExit }]) =>
        other.executionId === launch.executionId && other.revision === launch.revision && exit === undefined;
      const other = [...tasks].find(isBeside);
      if (other !== undefined) history.broken.push(`${task} was launched beside ${other[0]}`);
      tasks.set(task, { launch });
      const startMs = conditions.taskStartMs();
      if (startMs === undefined)
        time.at(time.now() + TASK_START_MS, () => stop(task, { reason: "lost", why: "no image" }));
      else time.at(time.now() + startMs, () => ends.begin(task, launch));
      return task;
    },

    noteBegin,
    stop,

    findStopped(task: string): StoppedTask | undefined {
      const { launch, exit } = tasks.get(task) ?? {};
      return launch && exit && { task, launch, exit };
    },

    /**
     * Whether a slot is held for a task that has not begun, or has for less than `graceMs`. That of a revision whose
     * message is stale by now is given back by its task, or behind it.
     */
    holds({ executionId, revision }: Slot, graceMs: number): boolean {
      return [...tasks.values()].some(
        ({ launch, heardOfAtMs = Infinity }) =>
          launch.executionId === executionId && launch.revision === revision && time.now() < heardOfAtMs + graceMs,
      );
    },

    /** Whether all have stopped, and everybody has heard of it who will. */
    areAtRest: () => eventsUnderWay === 0 && [...tasks.values()].every(({ exit }) => exit !== undefined),
  };
}
