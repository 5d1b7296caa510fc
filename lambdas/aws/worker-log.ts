import type { Worker } from "../core/ports.ts";

/** Name of the only container of each task definition; `lib/fargate/task-function.ts` says the same. */
export const TASK_CONTAINER = "run";

/**
 * Returns where the lines of a worker are: on Lambda, in the log group of its function; of a task, in the group that
 * all tasks share and the stream that ECS names by the function, the container and the task's id.
 * @param groupPrefix the log group of a function's Lambda is this and the function's name
 */
export function logOf(groupPrefix: string, functionName: string, worker: Worker): { group: string; stream: string } {
  if ("logStream" in worker) return { group: `${groupPrefix}${functionName}`, stream: worker.logStream };
  const id = worker.task.split("/").at(-1);
  return { group: `${groupPrefix}/tasks`, stream: `${functionName}/${TASK_CONTAINER}/${id}` };
}
