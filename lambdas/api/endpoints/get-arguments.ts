import type { Executions, Payloads } from "../../core/ports.ts";
import type { Endpoint } from "../endpoint.ts";
import { findExecution } from "../parse.ts";
import { presentPayload } from "../present.ts";

/** `GET /public/v2/executions/{id}/arguments`: the JSON array the function is called with. */
export function getArguments(ports: { executions: Executions; payloads: Payloads }): Endpoint {
  return async (request) => {
    const execution = await findExecution(request, ports.executions);
    return presentPayload(execution.arguments, "application/json", ports.payloads);
  };
}
