import type { Timer } from "../core/ports.ts";
import { failingAsUnavailable } from "./failures.ts";
import type { TimerTarget } from "./schedules.ts";

/**
 * The timer on EventBridge Scheduler. Most executions are due sooner than it is needed for, so its client is loaded with
 * the first that is not.
 */
export function schedulerTimer(target: TimerTarget): Timer {
  let loading: Promise<Timer> | undefined;
  const timer = () => {
    loading ??= import("./schedules.ts").then(({ oneTimeSchedules, schedulerClient }) =>
      oneTimeSchedules(failingAsUnavailable(schedulerClient()), target),
    );
    return loading;
  };
  return {
    set: async (message, atMs) => (await timer()).set(message, atMs),
    clear: async (executionId, revision) => (await timer()).clear(executionId, revision),
  };
}
