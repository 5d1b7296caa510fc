import { notDeployed, notStarted } from "../core/attempt-error.ts";
import { DomainError } from "../core/errors.ts";
import type { Execution, StoredPayload } from "../core/execution.ts";
import type { Attempts } from "../core/ports.ts";

/**
 * Returns the value of an attempt that has succeeded, or the error of one that has failed.
 * @throws DomainError `not_found` when its time is over
 */
export async function findResult({ attempts }: { attempts: Attempts }, execution: Execution): Promise<StoredPayload> {
  const { id, attempt: number, functionName, dispatches } = execution;
  if (!("startedAtMs" in execution)) {
    const isMissing = execution.state === "failed" && execution.reason === "not_deployed";
    return { inline: JSON.stringify((isMissing ? notDeployed(functionName) : notStarted(dispatches)).error) };
  }
  const attempt = await attempts.get(id, number);
  if (attempt?.result === undefined)
    throw new DomainError("not_found", `the result of execution "${id}" is no longer kept`);
  return attempt.result;
}
