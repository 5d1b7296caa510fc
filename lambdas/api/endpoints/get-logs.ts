import { DomainError } from "../../core/errors.ts";
import type { Attempts, Executions, Payloads } from "../../core/ports.ts";
import type { Endpoint } from "../endpoint.ts";
import { findExecution } from "../parse.ts";
import { presentPayload } from "../present.ts";

const NDJSON = "application/x-ndjson";

/** `GET /public/v2/executions/{id}/logs`: what the last attempt wrote; empty until it has ended. */
export function getLogs(ports: { executions: Executions; attempts: Attempts; payloads: Payloads }): Endpoint {
  return async (request) => {
    const execution = await findExecution(request, ports.executions);
    if (!("startedAtMs" in execution)) {
      throw new DomainError("not_found", `execution "${execution.id}" has no logs: no attempt has begun`);
    }
    const attempt = await ports.attempts.get(execution.id, execution.attempt);
    return presentPayload(attempt?.logs ?? { inline: "" }, NDJSON, ports.payloads);
  };
}
