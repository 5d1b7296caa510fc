import { unknownExecution, wrongState } from "../core/errors.ts";
import type { Execution } from "../core/execution.ts";
import { extendedSeed, lastTokenMs } from "../core/execution-token.ts";
import type { ExecutionReference } from "../core/ids.ts";
import type { Lanes, SigningKeys } from "../core/ports.ts";
import { decide } from "./decide.ts";
import { type DispatchPorts, dispatchIfWaiting, findFunction, recall } from "./dispatch.ts";
import { type FindPorts, findCurrent } from "./find.ts";
import { unpark } from "./lanes.ts";

export interface ReschedulePorts extends DispatchPorts, FindPorts {
  lanes: Lanes;
  tokens: SigningKeys;
}

/**
 * Gives an execution that waits another due time. The message that is under way for the old one is stale from now on.
 * @param by the caller's name
 * @throws DomainError `not_found`; `conflict` if it does not wait any more; `bad_request` if its function is not deployed
 */
export async function reschedule(
  ports: ReschedulePorts,
  reference: ExecutionReference,
  requestedAtMs: number | undefined,
  by?: string,
): Promise<Execution> {
  const scheduledAtMs = requestedAtMs ?? ports.clock.now();
  const id = await findCurrent(ports, reference, "reschedule");
  const current = await ports.executions.get(id);
  let tokenSeed: string | undefined;
  if (current?.state === "created") {
    // Nobody would send it on its way.
    const deployed = findFunction(ports, current.functionName);
    const lastMs = lastTokenMs(Math.max(scheduledAtMs, ports.clock.now()), deployed.retry);
    tokenSeed = extendedSeed(await ports.tokens.signingKeys(), current.tokenSeed, id, lastMs);
  }
  const decision = await decide(ports, id, { type: "reschedule", scheduledAtMs, tokenSeed, by });
  if (decision === undefined) throw unknownExecution(id);
  if ("applied" in decision) {
    const { applied, before } = decision;
    await dispatchIfWaiting(ports, applied);
    await recall(ports, before);
    await unpark(ports, before);
    return applied;
  }
  throw wrongState("reschedule", decision);
}
