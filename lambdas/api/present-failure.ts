import { type FailureGroup, HOUR_MS } from "../core/failures/group.ts";
import { functionId } from "../core/ids.ts";
import { timestamp } from "../core/present-execution.ts";

/** A group of failures as the API answers it. */
export function presentFailure(group: FailureGroup): Record<string, unknown> {
  const { resolution } = group;
  return {
    fingerprint: group.fingerprint,
    state: group.state,
    function_name: group.functionName,
    function_id: functionId(group.functionName),
    error_name: group.errorName,
    message: group.message,
    count: group.count,
    by_hour: group.byHour.map(({ hour, count }) => ({ hour: timestamp(hour * HOUR_MS), count })),
    first_seen_at: timestamp(group.firstAtMs),
    last_seen_at: timestamp(group.lastAtMs),
    sample_execution_id: group.sample,
    ...(resolution && { resolved_at: timestamp(resolution.atMs) }),
    ...(resolution?.by !== undefined && { resolved_by: resolution.by }),
  };
}
