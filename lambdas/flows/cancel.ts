import { unknownExecution, wrongState } from "../core/errors.ts";
import type { Execution } from "../core/execution.ts";
import type { ExecutionId, ExecutionReference } from "../core/ids.ts";
import type { Lanes } from "../core/ports.ts";
import { type Decision, decide } from "./decide.ts";
import { type DispatchPorts, recall } from "./dispatch.ts";
import { type FindPorts, findCurrent } from "./find.ts";
import { unpark } from "./lanes.ts";

export interface CancelExecutionPorts extends DispatchPorts {
  lanes: Lanes;
}

export type CancelPorts = CancelExecutionPorts & FindPorts;

/** `changed`: it is `cancelled` now, or, with `force`, `aborting`. `under_way`: it is being aborted already. */
export type Cancellation = { changed: Execution } | { under_way: true };

/**
 * Cancels an execution that waits; with `force`, also stops one that runs.
 * @param by the caller's name
 * @throws DomainError `not_found`; `conflict` if it is too late for that
 */
export async function cancel(
  ports: CancelPorts,
  reference: ExecutionReference,
  force: boolean,
  by?: string,
): Promise<Cancellation> {
  const id = await findCurrent(ports, reference, "cancel");
  const decision = await cancelExecution(ports, id, { force, by });
  if (decision === undefined) throw unknownExecution(id);
  if ("applied" in decision) return { changed: decision.applied };
  if ("state" in decision && decision.state === "aborting") return { under_way: true };
  throw wrongState("cancel", decision);
}

/** Cancels it, if its state allows that, for a bulk job once; and takes back what was on its way. */
export async function cancelExecution(
  ports: CancelExecutionPorts,
  id: ExecutionId,
  how: { force: boolean; job?: string | undefined; by?: string | undefined },
): Promise<Decision> {
  const decision = await decide(ports, id, { type: "cancel", ...how });
  if (decision !== undefined && "applied" in decision) {
    await recall(ports, decision.before);
    await unpark(ports, decision.before);
  }
  return decision;
}
