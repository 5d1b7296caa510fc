import { type Execution, isRunning } from "../core/execution.ts";
import type { Launch, StoppedTask } from "../core/ports.ts";
import { launchFault, outcomeOfTask } from "../core/task-exit.ts";
import { launchWaitSeconds } from "../core/transitions/start.ts";
import { decideEnd } from "./decide.ts";
import { dueMessageOf, messageOf } from "./dispatch.ts";
import { type CompletePorts, completeLost } from "./finish.ts";
import { laneExecutions, releaseLaunched, releaseStale } from "./lanes.ts";

/** Executions that a stopped task had left behind. */
export interface TaskStopped {
  /** The execution whose attempt ended with it. */
  lost?: Execution;
  /** Fate of the execution it was launched for, if it has not claimed that. */
  unclaimed?: "sent_again" | "parked" | "failed";
}

/**
 * Ends the attempt that a stopped task has left, and frees slot and message of a launch that it has not claimed: that
 * is launched again after a while. Does nothing about a task that came to its proper end.
 */
export async function taskStopped(ports: CompletePorts, { task, launch, exit }: StoppedTask): Promise<TaskStopped> {
  const execution = await ports.executions.get(launch.executionId);
  if (execution?.functionName !== launch.functionName) return {};
  // A task goes on with what is parked in the lane of its first execution.
  const candidates = [execution, ...(await laneExecutions(ports, execution))];
  const lost = candidates.filter(isRunning).find((it) => it.task === task);
  if (lost !== undefined) await completeLost(ports, lost, outcomeOfTask(exit));
  const unclaimed = await launchAgain(ports, launch, launchFault(exit));
  return { ...(lost && { lost }), ...(unclaimed && { unclaimed }) };
}

// The record says first when to look again: a message that is lost here is sent by the sweep.
async function launchAgain(
  ports: CompletePorts,
  { executionId, revision, number }: Launch,
  fault: string | undefined,
): Promise<TaskStopped["unclaimed"]> {
  const decision = await decideEnd(ports, executionId, { type: "task_stopped", revision, number, fault });
  if (decision === undefined || "refused" in decision) {
    // Cancelled or postponed meanwhile: its slot is of no more use.
    const current = await ports.executions.get(executionId);
    if (current !== undefined) await releaseStale(ports, current, { ...messageOf(current), revision });
    return undefined;
  }
  const { applied } = decision;
  await releaseLaunched(ports, applied, revision);
  if (applied.state !== "created") return "failed";
  if (applied.parkedIn !== undefined) return "parked";
  const delaySeconds = fault === undefined ? 0 : launchWaitSeconds(applied.launch?.failures ?? 0);
  await ports.dispatcher.toFunction(dueMessageOf(ports, applied), { fifo: false, delaySeconds });
  return "sent_again";
}
