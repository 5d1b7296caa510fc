import { type Execution, keptFromMs } from "../core/execution.ts";
import type { Attempts, Executions } from "../core/ports.ts";

/**
 * `executions`, whose ended attempts are kept for as long as they are. What is kept too long does no harm, so it is written
 * first: a process that dies in between leaves nothing that goes too early.
 */
export function lastingAttempts(executions: Executions, attempts: Attempts): Executions {
  return {
    ...executions,
    async apply(transition) {
      if (transition.keepsLonger) await keepEarlier(transition.to, attempts);
      return executions.apply(transition);
    },
  };
}

// One by one, since there are few, and a function's role may read no other way.
async function keepEarlier(execution: Execution, attempts: Attempts): Promise<void> {
  for (let number = 1; number < execution.attempt; number++) {
    const attempt = await attempts.get(execution.id, number);
    if (attempt !== undefined) await attempts.keep(attempt, keptFromMs(execution));
  }
}
