import type { Attempts, Executions, Payloads } from "../../core/ports.ts";
import { type Endpoint, json } from "../endpoint.ts";
import { findExecution } from "../parse.ts";
import { presentPayload } from "../present.ts";

/** `GET /public/v2/executions/{id}/results`: what the function returned, or the error it failed with. */
export function getResults(ports: { executions: Executions; attempts: Attempts; payloads: Payloads }): Endpoint {
  return async (request) => {
    const execution = await findExecution(request, ports.executions);
    switch (execution.state) {
      case "created":
      case "started":
        return json(202, { message: `the execution is ${execution.state}: there is no result yet` });
      case "discarded":
        return { status: 204 };
      case "succeed":
      case "failed": {
        const attempt = await ports.attempts.get(execution.id, execution.attempt);
        if (attempt === undefined) throw new Error(`execution ${execution.id} has ended without an attempt`);
        return presentPayload(attempt.result, "application/json", ports.payloads);
      }
    }
  };
}
