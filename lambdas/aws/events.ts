import type { Executions } from "../core/ports.ts";
import { type StateChange, stateChange } from "../core/state-change.ts";
import { type Log, loggedError } from "../log/log.ts";
import type { PutEvent } from "./put-event.ts";

/**
 * `executions`, which publish each change of a state on an EventBridge bus once it is stored; without a bus, as
 * they are. The SDK's client is loaded with the first event: most deployments publish none.
 */
export function publishing(executions: Executions, bus: string | undefined, log: Log): Executions {
  if (bus === undefined) return executions;
  let putEvent: Promise<PutEvent> | undefined;
  return publishingBy(executions, log, async (change) => {
    putEvent ??= import("./put-event.ts").then(({ putEventOn }) => putEventOn(bus));
    await (await putEvent)(change);
  });
}

/**
 * The same, on any bus. Best effort: what cannot be published is counted and written to the log, and changes nothing
 * for the execution; a process that dies between the write and its event publishes nothing.
 */
export function publishingBy(executions: Executions, log: Log, putEvent: PutEvent): Executions {
  const publish = async (change: StateChange | undefined) => {
    if (change === undefined) return;
    const { id: executionId, functionName, state, attempt } = change.execution;
    try {
      await putEvent(change);
    } catch (error) {
      const entry = { executionId, function: functionName, state, attempt, error: loggedError(error) };
      log({ level: "ERROR", message: "event not published", ...entry }, { unpublished: 1 });
    }
  };
  return {
    ...executions,
    async create(execution) {
      const result = await executions.create(execution);
      if (result === "created") await publish(stateChange(execution));
      return result;
    },
    async createMany(created) {
      const failed = await executions.createMany(created);
      const written = created.filter(({ id }) => !failed.has(id));
      await Promise.all(written.map((execution) => publish(stateChange(execution))));
      return failed;
    },
    async apply(transition) {
      const result = await executions.apply(transition);
      if (result === "applied") await publish(stateChange(transition));
      return result;
    },
  };
}
