import { DomainError } from "../../core/errors.ts";
import { attemptKeys } from "../../core/payload-keys.ts";
import type { Payloads } from "../../core/ports.ts";
import { type FindPorts, find } from "../../flows/find.ts";
import { findOutput } from "../../flows/find-output.ts";
import type { Endpoint } from "../endpoint.ts";
import { parseId } from "../parse.ts";
import { presentPayload } from "../present.ts";

const NDJSON = "application/x-ndjson";

/**
 * `GET /public/v2/executions/{id}/logs`: what the attempt wrote, empty until it has ended. Of an execution: its last
 * attempt that has begun.
 */
export function getLogs(ports: FindPorts & { payloads: Payloads }): Endpoint {
  return async (request) => {
    const reference = parseId(request);
    const execution = await find(ports, reference);
    const hasBegun = "startedAtMs" in execution;
    const number = hasBegun || reference.attempt !== undefined ? execution.attempt : execution.attempt - 1;
    if (number === 0 || (!hasBegun && reference.attempt !== undefined)) {
      throw new DomainError("not_found", `execution "${execution.id}" has no logs: no attempt has begun`);
    }
    const attempt = await findOutput(ports, execution, number);
    const { logs } = attemptKeys({ ...execution, attempt: number });
    return presentPayload(
      request,
      { payload: attempt?.logs ?? { inline: "" }, key: logs, contentType: NDJSON },
      ports.payloads,
    );
  };
}
