import type { Execution } from "../core/execution.ts";
import type { ExecutionId } from "../core/ids.ts";
import type { Clock, Executions } from "../core/ports.ts";
import { type Event, next, type Refusal } from "../core/transitions.ts";

/** The execution as it is now, and as it was; or why nothing was written; or `undefined` if there is none of this id. */
export type Decision = { applied: Execution; before: Execution } | Refusal | undefined;

/**
 * Lets `event` happen to an execution: reads, decides, writes, and does so again when somebody else was quicker.
 */
export async function decide(
  ports: { executions: Executions; clock: Clock },
  id: ExecutionId,
  event: Event,
): Promise<Decision> {
  for (;;) {
    const execution = await ports.executions.get(id);
    if (execution === undefined) return undefined;
    const decision = next(execution, event, ports.clock.now());
    if (!("to" in decision)) return decision;
    if ((await ports.executions.apply(decision)) === "applied") return { applied: decision.to, before: execution };
  }
}
