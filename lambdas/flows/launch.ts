import { type Created, runnableAtMs } from "../core/execution.ts";
import { LAUNCH_MS } from "../core/limits.ts";
import type { DueMessage, Launch, Tasks } from "../core/ports.ts";
import { type NotTaken, type TakePorts, take } from "./claim.ts";
import type { CompletePorts } from "./finish.ts";
import { holdSlot } from "./lanes.ts";
import { taskStopped } from "./task-stopped.ts";

export interface LaunchPorts extends TakePorts, CompletePorts {
  tasks: Tasks;
}

/** `latenessMs`: how long after its due time the task was launched; absent for a repeated message. */
export type LaunchResult =
  | { launched: Launch & { task: string }; latenessMs?: number }
  | NotTaken
  | { dropped: "stopped" };

/**
 * Launches a task for the execution that a message names, once its function's limits allow it. The record says first
 * that a task is on its way and until when nobody looks for it. Any number of messages launch one task: the number of a
 * launch rises only when its task is known to have stopped.
 * @throws DomainError `unavailable` where there is no capacity now: the message is to come again
 */
export async function launch(ports: LaunchPorts, message: DueMessage): Promise<LaunchResult> {
  const { revision } = message;
  const result = await take(ports, message, {
    prepare: async () => {},
    event: (_, notBeforeMs) => ({ type: "launch", revision, leaseMs: LAUNCH_MS, notBeforeMs }),
  });
  if (!("taken" in result)) return result;
  const { taken, before, slot } = result;
  if (slot !== undefined) await holdSlot(ports, taken, slot, LAUNCH_MS);
  const { number } = (taken as Created).launch ?? { number: 1 };
  const launched: Launch = { executionId: taken.id, revision, functionName: taken.functionName, number };
  const task = await ports.tasks.run(launched);
  // Launched before: the event of its end may be lost.
  const wasLaunched = before.state === "created" && before.launch?.number === number;
  const stopped = wasLaunched ? await ports.tasks.findStopped(task, launched) : undefined;
  const latenessMs = Math.max(0, ports.clock.now() - runnableAtMs(taken));
  if (stopped === undefined) return { launched: { ...launched, task }, ...(!wasLaunched && { latenessMs }) };
  await taskStopped(ports, stopped);
  return { dropped: "stopped" };
}
