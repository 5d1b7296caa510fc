import { createdByOf, type Execution } from "./execution.ts";
import { waitReasonOf } from "./lanes.ts";

/** An execution as the API answers it. `id`: an attempt's own, where one is shown. */
export function presentExecution(execution: Execution, id: string = execution.id): Record<string, unknown> {
  const createdBy = createdByOf(execution);
  const waitingFor = waitReasonOf(execution);
  return {
    id,
    state: execution.state,
    function_name: execution.functionName,
    function_id: execution.functionId,
    scheduled_at: timestamp(execution.scheduledAtMs),
    created_at: timestamp(execution.createdAtMs),
    updated_at: timestamp(execution.updatedAtMs),
    ...("startedAtMs" in execution && { started_at: timestamp(execution.startedAtMs) }),
    ...("finishedAtMs" in execution && { finished_at: timestamp(execution.finishedAtMs) }),
    ...(execution.discardAfterMs !== undefined && { discard_after: timestamp(execution.discardAfterMs) }),
    ...(waitingFor !== undefined && { waiting_for: waitingFor }),
    attempt: execution.attempt,
    ...("errorCode" in execution && { error_code: execution.errorCode }),
    ...(execution.errorFingerprint !== undefined && { error_fingerprint: execution.errorFingerprint }),
    ...(execution.executedBy !== undefined && { executed_by: execution.executedBy }),
    ...(execution.rerunOf !== undefined && { rerun_of: execution.rerunOf }),
    ...(execution.scheduleName !== undefined && { schedule_name: execution.scheduleName }),
    ...(createdBy !== undefined && { created_by: createdBy }),
    version: execution.version,
    compute: execution.compute ?? "lambda",
    metadata: execution.metadata,
  };
}

/** RFC 3339 in UTC with milliseconds. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
