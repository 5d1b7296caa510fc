import { DomainError } from "../../../core/errors.ts";
import type { Execution, StoredPayload } from "../../../core/execution.ts";
import { attemptKeys } from "../../../core/payload-keys.ts";
import type { Payloads } from "../../../core/ports.ts";
import { type FindPorts, find } from "../../../flows/find.ts";
import { findResult } from "../../../flows/find-result.ts";
import { type Endpoint, json } from "../../endpoint.ts";
import { parseId } from "../../parse.ts";

/** Lambda answers 6 MB at most, and the text is escaped once more on its way. */
const MAX_RESULT_BYTES = 5 * 1024 * 1024;

/** `GET /public/v1/executions/{id}`: the result lies within the answer, where version 2 has an address of its own. */
export function getExecutionV1(ports: FindPorts & { payloads: Payloads }): Endpoint {
  return async (request) => {
    const execution = await find(ports, parseId(request));
    const { id, state } = execution;
    return json(200, { id, state, result: await resultOf(ports, execution) });
  };
}

async function resultOf(ports: FindPorts & { payloads: Payloads }, execution: Execution): Promise<unknown> {
  if (execution.state !== "succeed" && execution.state !== "failed") return undefined;
  const result = await findResult(ports, execution);
  refuseTooLarge(result);
  return JSON.parse(await ports.payloads.read(result, attemptKeys(execution).result));
}

function refuseTooLarge(payload: StoredPayload): void {
  if ("bytes" in payload && payload.bytes > MAX_RESULT_BYTES) {
    throw new DomainError(
      "payload_too_large",
      "the result is too large for version 1; read it from /public/v2/executions/{id}/results",
    );
  }
}
