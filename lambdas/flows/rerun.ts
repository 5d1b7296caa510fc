import type { Execution, Parent } from "../core/execution.ts";
import { type ExecutionReference, newExecutionId } from "../core/ids.ts";
import { argumentsKey } from "../core/payload-keys.ts";
import { type AcceptPorts, accept, newExecution } from "./accept.ts";
import { findFunction } from "./dispatch.ts";
import { type FindPorts, find } from "./find.ts";

/**
 * A new execution with the function, arguments and metadata of another one, due now. The other one is left as it is.
 * @throws DomainError `not_found`; `bad_request` if its function is not deployed any more
 */
export async function rerun(
  ports: AcceptPorts & FindPorts,
  reference: ExecutionReference,
  parent: Parent | undefined,
): Promise<Execution> {
  const original = await find(ports, reference);
  const deployed = findFunction(ports, original.functionName);
  const nowMs = ports.clock.now();
  const id = newExecutionId(nowMs, ports.randomBytes(16), deployed.id);
  return accept(ports, {
    ...(await newExecution(ports, deployed, { id, nowMs, parent })),
    metadata: original.metadata,
    arguments: await ports.payloads.copy(
      original.arguments,
      argumentsKey(original),
      argumentsKey({ functionName: deployed.name, id }),
    ),
    rerunOf: original.id,
  });
}
