import { presentExecution } from "../../core/present-execution.ts";
import type { AcceptPorts } from "../../flows/accept.ts";
import type { FindPorts } from "../../flows/find.ts";
import { rerun } from "../../flows/rerun.ts";
import { type Endpoint, json, nameOf, parentOf } from "../endpoint.ts";
import { argumentsText, parse, parseId } from "../parse.ts";
import { RerunBody } from "../schemas/executions.ts";

/** `POST /public/v2/executions/{id}/reruns`: the same once more, or with other input, as a new execution. */
export function postRerun(ports: AcceptPorts & FindPorts): Endpoint {
  return async (request) => {
    const reference = parseId(request);
    const { arguments: values, metadata } = parse(RerunBody, request.body);
    const other = { arguments: values && argumentsText("arguments", values), metadata };
    const execution = await rerun(ports, reference, parentOf(request.principal), other, nameOf(request.principal));
    return { ...json(200, { data: presentExecution(execution) }), enqueued: [execution.id] };
  };
}
