import { unknownExecution, wrongState } from "../core/errors.ts";
import type { Execution } from "../core/execution.ts";
import { extendedSeed, lastTokenMs } from "../core/execution-token.ts";
import type { ExecutionId, ExecutionReference } from "../core/ids.ts";
import type { Lanes, SigningKeys } from "../core/ports.ts";
import { type Decision, decide } from "./decide.ts";
import { type DispatchPorts, dispatchIfWaiting, findFunction, recall } from "./dispatch.ts";
import { type FindPorts, findCurrent } from "./find.ts";
import { unpark } from "./lanes.ts";

export interface RescheduleExecutionPorts extends DispatchPorts {
  lanes: Lanes;
  tokens: SigningKeys;
}

export type ReschedulePorts = RescheduleExecutionPorts & FindPorts;

/**
 * Gives an execution that waits another due time. The message that is under way for the old one is stale from now on.
 * @param by the caller's name
 * @throws DomainError `not_found`; `conflict` if it does not wait any more; `bad_request` if its function is not
 * deployed
 */
export async function reschedule(
  ports: ReschedulePorts,
  reference: ExecutionReference,
  requestedAtMs: number | undefined,
  by?: string,
): Promise<Execution> {
  const scheduledAtMs = requestedAtMs ?? ports.clock.now();
  const id = await findCurrent(ports, reference, "reschedule");
  const decision = await rescheduleExecution(ports, id, { scheduledAtMs, by });
  if (decision === undefined) throw unknownExecution(id);
  if ("applied" in decision) return decision.applied;
  throw wrongState("reschedule", decision);
}

/**
 * Gives it another due time, if its state allows that, for a bulk job once.
 * @throws DomainError `bad_request` if its function is not deployed
 */
export async function rescheduleExecution(
  ports: RescheduleExecutionPorts,
  id: ExecutionId,
  { scheduledAtMs, job, by }: { scheduledAtMs: number; job?: string | undefined; by?: string | undefined },
): Promise<Decision> {
  const current = await ports.executions.get(id);
  let tokenSeed: string | undefined;
  if (current?.state === "created") {
    // Nobody would send it on its way.
    const deployed = findFunction(ports, current.functionName);
    const lastMs = lastTokenMs(
      Math.max(scheduledAtMs, ports.clock.now()),
      deployed.retry,
      deployed.settings.maxDurationSeconds,
    );
    tokenSeed = extendedSeed(await ports.tokens.signingKeys(Infinity), current.tokenSeed, id, lastMs);
  }
  const decision = await decide(ports, id, { type: "reschedule", scheduledAtMs, tokenSeed, job, by });
  if (decision !== undefined && "applied" in decision) {
    const { applied, before } = decision;
    await dispatchIfWaiting(ports, applied);
    await recall(ports, before);
    await unpark(ports, before);
  }
  return decision;
}
