import { forEarlierAttempts } from "../core/earlier-attempts.ts";
import { keptFromMs } from "../core/execution.ts";
import type { Attempts, Executions } from "../core/ports.ts";
import { type Log, loggedError } from "../log/log.ts";

/**
 * `executions`, whose ended attempts are kept for as long as they are. The execution is written first: its attempts may
 * be hundreds, and its write must not wait for theirs. Where these fail, or the process dies before them, the attempts
 * expire as they would have, until a write in another week keeps those that are left.
 */
export function lastingAttempts(executions: Executions, attempts: Attempts, log: Log): Executions {
  return {
    ...executions,
    async apply(transition) {
      const result = await executions.apply(transition);
      const { to, keepsLonger } = transition;
      if (result === "lost" || !keepsLonger) return result;
      try {
        await forEarlierAttempts(attempts, to, (attempt) => attempts.keep(attempt, keptFromMs(to)));
      } catch (error) {
        const { id: executionId, functionName, state } = to;
        const entry = { executionId, function: functionName, state, error: loggedError(error) };
        log({ level: "ERROR", message: "earlier attempts not kept longer", ...entry });
      }
      return result;
    },
  };
}
