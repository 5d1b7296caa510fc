import { unknownExecution, wrongState } from "../core/errors.ts";
import { attemptOf, type Execution } from "../core/execution.ts";
import { attemptId, type ExecutionId, type ExecutionReference } from "../core/ids.ts";
import type { Attempts, Executions } from "../core/ports.ts";

export interface FindPorts {
  executions: Executions;
  attempts: Attempts;
}

/**
 * The execution that is meant; for an attempt's id, that attempt in the shape of an execution.
 * @throws DomainError `not_found`
 */
export async function find(ports: FindPorts, { executionId, attempt }: ExecutionReference): Promise<Execution> {
  const execution = await ports.executions.get(executionId);
  if (execution === undefined) throw unknownExecution(executionId);
  if (attempt === undefined) return execution;
  const ended = attempt < execution.attempt ? await ports.attempts.get(executionId, attempt) : undefined;
  const found = attemptOf(execution, attempt, ended);
  if (found === undefined) throw unknownExecution(attemptId(executionId, attempt));
  return found;
}

/**
 * The id of the execution whose current attempt is meant: what is done to that is done to the execution.
 * @throws DomainError `not_found`; `conflict` for an attempt that is over
 */
export async function findCurrent(ports: FindPorts, reference: ExecutionReference, verb: string): Promise<ExecutionId> {
  if (reference.attempt === undefined) return reference.executionId;
  const execution = await find(ports, { executionId: reference.executionId });
  if (reference.attempt === execution.attempt) return execution.id;
  throw wrongState(verb, await find(ports, reference));
}
