import type { Executions } from "../core/ports.ts";
import { type StateChange, stateChange } from "../core/state-change.ts";
import { type Log, loggedError } from "../log/log.ts";

/**
 * `executions`, which publish each change of a state once it is stored; without `publish`, as they are. Best effort:
 * what cannot be published is counted and written to the log, and changes nothing for the execution; a process that
 * dies between the write and its event publishes nothing.
 */
export function publishing(
  executions: Executions,
  publish: ((change: StateChange) => Promise<void>) | undefined,
  log: Log,
): Executions {
  if (publish === undefined) return executions;
  const publishIfAny = async (change: StateChange | undefined) => {
    if (change === undefined) return;
    const { id: executionId, functionName, state, attempt } = change.execution;
    try {
      await publish(change);
    } catch (error) {
      const entry = { executionId, function: functionName, state, attempt, error: loggedError(error) };
      log({ level: "ERROR", message: "event not published", ...entry }, { unpublished: 1 });
    }
  };
  return {
    ...executions,
    async create(execution) {
      const result = await executions.create(execution);
      if (result === "created") await publishIfAny(stateChange(execution));
      return result;
    },
    async createMany(created) {
      const failed = await executions.createMany(created);
      const written = created.filter(({ id }) => !failed.has(id));
      await Promise.all(written.map((execution) => publishIfAny(stateChange(execution))));
      return failed;
    },
    async apply(transition) {
      const result = await executions.apply(transition);
      if (result === "applied") await publishIfAny(stateChange(transition));
      return result;
    },
  };
}
