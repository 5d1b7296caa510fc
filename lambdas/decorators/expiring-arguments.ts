import { argumentsKey } from "../core/payload-keys.ts";
import type { Executions, Payloads } from "../core/ports.ts";
import { type Log, loggedError } from "../log/log.ts";

/**
 * `executions`, whose arguments begin to expire with the end of the execution, once that is stored: not before,
 * since somebody else may have postponed it to next year meanwhile. Where that fails, or the process dies before, the
 * object stays for ever: nothing that waits ever loses its arguments.
 */
export function expiringArguments(executions: Executions, payloads: Payloads, log: Log): Executions {
  return {
    ...executions,
    async apply(transition) {
      const result = await executions.apply(transition);
      const { from, to } = transition;
      if (result === "lost" || !("finishedAtMs" in to) || from.state === to.state) return result;
      try {
        await payloads.expire(to.arguments, argumentsKey(to), "application/json");
      } catch (error) {
        const { id: executionId, functionName, state } = to;
        const entry = { executionId, function: functionName, state, error: loggedError(error) };
        log({ level: "ERROR", message: "arguments do not expire", ...entry });
      }
      return result;
    },
  };
}
