import { attemptId } from "../../core/ids.ts";
import { presentExecution } from "../../core/present-execution.ts";
import { type FindPorts, find } from "../../flows/find.ts";
import { type Endpoint, json } from "../endpoint.ts";
import { parseId } from "../parse.ts";

/** `GET /public/v2/executions/{id}`: an execution, or one attempt of it. */
export function getExecution(ports: FindPorts): Endpoint {
  return async (request) => {
    const reference = parseId(request);
    const execution = await find(ports, reference);
    const id = reference.attempt === undefined ? execution.id : attemptId(execution.id, reference.attempt);
    return json(200, { data: presentExecution(execution, id) });
  };
}
