import type * as z from "zod/mini";
import type { Filters } from "../core/filters.ts";
import type { BulkJob } from "../core/jobs/bulk-job.ts";
import { timestamp } from "../core/present-execution.ts";
import type { Filters as ApiFilters } from "./schemas/lists.ts";

/** A bulk job as the API answers it. */
export function presentBulk(job: BulkJob): Record<string, unknown> {
  return {
    id: job.id,
    action: job.action,
    state: job.state,
    filters: presentFilters(job.filters),
    ...(job.action === "cancel" && { force: job.force }),
    ...(job.scheduledAtMs !== undefined && { schedule_for: timestamp(job.scheduledAtMs) }),
    per_second: job.perSecond,
    ...(job.limit !== undefined && { limit: job.limit }),
    examined: job.examined,
    matched: job.matched,
    done: job.done,
    skipped: job.skipped,
    failed: job.failed,
    failures: job.failures.map(({ executionId, message }) => ({ execution_id: executionId, message })),
    ...(job.by !== undefined && { created_by: job.by }),
    ...(job.stoppedBy !== undefined && { stopped_by: job.stoppedBy }),
    created_at: timestamp(job.createdAtMs),
    updated_at: timestamp(job.updatedAtMs),
    ...(job.finishedAtMs !== undefined && { finished_at: timestamp(job.finishedAtMs) }),
  };
}

/** Filters as a list takes them; those that are not set are left out. */
function presentFilters(filters: Filters): Record<string, unknown> {
  const given = {
    states: filters.states,
    function_ids: filters.functionIds,
    error_codes: filters.errorCodes,
    executed_by: filters.executedBy,
    rerun_of: filters.rerunOf,
    error_fingerprint: filters.errorFingerprint,
    schedule: filters.schedule,
    created_at: presentInterval(filters.createdAt),
    scheduled_at: presentInterval(filters.scheduledAt),
    started_at: presentInterval(filters.startedAt),
    metadata: filters.metadata,
  } satisfies Record<keyof z.output<typeof ApiFilters>, unknown>;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function presentInterval({ fromMs, toMs }: { fromMs?: number | undefined; toMs?: number | undefined } = {}) {
  if (fromMs === undefined && toMs === undefined) return undefined;
  return {
    ...(fromMs !== undefined && { from: timestamp(fromMs) }),
    ...(toMs !== undefined && { to: timestamp(toMs) }),
  };
}
