import type { Execution } from "../core/execution.ts";
import type { ExecutionId } from "../core/ids.ts";
import type { Clock, Executions } from "../core/ports.ts";
import type { ExecutionEvent, Refusal, Transition } from "../core/transitions/event.ts";
import { next } from "../core/transitions.ts";
import { type AnnouncePorts, announceEnd, followUpsOf } from "./announce-end.ts";

interface DecidePorts {
  executions: Executions;
  clock: Clock;
}

/**
 * The execution as it is now, and as it was; or why nothing was written; or `undefined` if there is none of this id.
 */
export type Decision = { applied: Execution; before: Execution } | Refusal | undefined;

/**
 * Lets `event` happen to an execution: reads, decides, writes, and does so again when somebody else was quicker.
 */
export function decide(ports: DecidePorts, id: ExecutionId, event: ExecutionEvent): Promise<Decision> {
  return decideWith(ports, id, (execution) => next(execution, event, ports.clock.now()));
}

/**
 * The same with an event that may end the execution. Its end is announced, if it has a follow-up.
 * @param known the record as it most likely still is: it is read only where that is not so
 */
export function decideEnd(
  ports: DecidePorts & AnnouncePorts,
  id: ExecutionId,
  event: ExecutionEvent,
  known?: Execution,
): Promise<Decision> {
  const decideOn = async (execution: Execution) => {
    const decision = next(execution, event, ports.clock.now(), followUpsOf(ports, execution.functionName));
    if ("to" in decision) await announceEnd(ports, decision);
    return decision;
  };
  return decideWith(ports, id, decideOn, known);
}

async function decideWith(
  { executions }: DecidePorts,
  id: ExecutionId,
  decideOn: (execution: Execution) => Transition | Refusal | Promise<Transition | Refusal>,
  known?: Execution,
): Promise<Decision> {
  for (let execution = known ?? (await executions.get(id)); ; execution = await executions.get(id)) {
    if (execution === undefined) return undefined;
    const decision = await decideOn(execution);
    if (!("to" in decision)) return decision;
    if ((await executions.apply(decision)) === "applied") return { applied: decision.to, before: execution };
  }
}
