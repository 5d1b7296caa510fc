import type { Timer } from "../core/ports.ts";
import { encodeDueMessage } from "./encode-due-message.ts";
import { failingAsUnavailable } from "./failures.ts";
import type { OneTimeSchedules, ScheduleTarget } from "./schedules.ts";

/** Settings of the timer for executions. */
export type TimerTarget = Omit<ScheduleTarget, "queueArn"> & { fireQueueArn: string };

/** The timer on EventBridge Scheduler: a one-time schedule for each message, named after execution and revision. */
export function schedulerTimer({ fireQueueArn, ...target }: TimerTarget): Timer {
  const schedules = lazySchedules({ ...target, queueArn: fireQueueArn });
  return {
    set: async (message, atMs) =>
      (await schedules()).create(nameOf(message.executionId, message.revision), atMs, encodeDueMessage(message)),
    clear: async (executionId, revision) => (await schedules()).delete(nameOf(executionId, revision)),
  };
}

/**
 * One-time schedules whose client is loaded with the first that is needed: most executions are due sooner than the
 * timer is needed for.
 */
export function lazySchedules(target: ScheduleTarget): () => Promise<OneTimeSchedules> {
  let loading: Promise<OneTimeSchedules> | undefined;
  return () => {
    loading ??= import("./schedules.ts").then(({ oneTimeSchedules, schedulerClient }) =>
      oneTimeSchedules(failingAsUnavailable(schedulerClient()), target),
    );
    return loading;
  };
}

function nameOf(executionId: string, revision: number): string {
  return `${executionId}-${revision}`;
}
