import { notDeployed, notLaunched, notStarted } from "../core/attempt-error.ts";
import { DomainError } from "../core/errors.ts";
import type { Execution, StoredPayload } from "../core/execution.ts";
import type { Attempts } from "../core/ports.ts";
import { findOutput } from "./find-output.ts";

/**
 * Returns the value of an attempt that has succeeded, or the error of one that has failed.
 * @throws DomainError `not_found` when its time is over
 */
export async function findResult({ attempts }: { attempts: Attempts }, execution: Execution): Promise<StoredPayload> {
  const { id, attempt: number } = execution;
  if (!("startedAtMs" in execution)) return { inline: JSON.stringify(whyNotStarted(execution).error) };
  const { result } = (await findOutput({ attempts }, execution, number)) ?? {};
  if (result === undefined) throw new DomainError("not_found", `the result of execution "${id}" is no longer kept`);
  return result;
}

function whyNotStarted(execution: Execution) {
  if (execution.state !== "failed") return notStarted(execution.dispatches);
  const { reason, launchError, functionName, dispatches } = execution;
  if (reason === "not_deployed") return notDeployed(functionName);
  return launchError === undefined ? notStarted(dispatches) : notLaunched(launchError);
}
