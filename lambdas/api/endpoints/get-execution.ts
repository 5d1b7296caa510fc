import type { Executions } from "../../core/ports.ts";
import { type Endpoint, json } from "../endpoint.ts";
import { findExecution } from "../parse.ts";
import { presentExecution } from "../present.ts";

/** `GET /public/v2/executions/{id}` */
export function getExecution(ports: { executions: Executions }): Endpoint {
  return async (request) => {
    const execution = await findExecution(request, ports.executions);
    return json(200, { data: presentExecution(execution) });
  };
}
