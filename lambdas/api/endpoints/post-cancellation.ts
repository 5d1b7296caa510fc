import { presentExecution } from "../../core/present-execution.ts";
import { type CancelPorts, cancel } from "../../flows/cancel.ts";
import { type Endpoint, json, nameOf } from "../endpoint.ts";
import { parse, parseId } from "../parse.ts";
import { CancellationBody } from "../schemas/executions.ts";

/** `POST /public/v2/executions/{id}/cancellation`: cancels what waits; with `force`, aborts what runs. */
export function postCancellation(ports: CancelPorts): Endpoint {
  return async (request) => {
    const reference = parseId(request);
    const { force } = parse(CancellationBody, request.body);
    const cancellation = await cancel(ports, reference, force, nameOf(request.principal));
    if ("under_way" in cancellation) return json(202, { message: "the execution is being aborted already" });
    return json(200, { data: presentExecution(cancellation.changed) });
  };
}
