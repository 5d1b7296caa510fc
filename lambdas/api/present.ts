import type { Execution, StoredPayload } from "../core/execution.ts";
import type { Payloads } from "../core/ports.ts";
import type { Response } from "./endpoint.ts";

/** An execution as the API answers it. */
export function presentExecution(execution: Execution): Record<string, unknown> {
  return {
    id: execution.id,
    state: execution.state,
    function_name: execution.functionName,
    function_id: execution.functionId,
    scheduled_at: timestamp(execution.scheduledAtMs),
    created_at: timestamp(execution.createdAtMs),
    updated_at: timestamp(execution.updatedAtMs),
    ...("startedAtMs" in execution && { started_at: timestamp(execution.startedAtMs) }),
    ...("finishedAtMs" in execution && { finished_at: timestamp(execution.finishedAtMs) }),
    ...(execution.discardAfterMs !== undefined && { discard_after: timestamp(execution.discardAfterMs) }),
    attempt: execution.attempt,
    ...("errorCode" in execution && { error_code: execution.errorCode }),
    ...(execution.executedBy !== undefined && { executed_by: execution.executedBy }),
    metadata: execution.metadata,
  };
}

/** A payload in place, or, if it is an object, a redirect to where it can be read from. */
export async function presentPayload(
  payload: StoredPayload,
  contentType: string,
  payloads: Payloads,
): Promise<Response> {
  if ("inline" in payload) return { status: 200, headers: { "content-type": contentType }, body: payload.inline };
  return { status: 307, headers: { location: await payloads.link(payload.key), "cache-control": "no-store" } };
}

// RFC 3339 in UTC with milliseconds.
function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
