import type { Clock, Payloads } from "../core/ports.ts";
import { timestamp } from "../core/present-execution.ts";
import type { CodeSchedule } from "../core/schedules/code-schedule.ts";
import { lastRun, type Schedule, upcomingTick } from "../core/schedules/schedule.ts";
import { nextTick, type Ticks } from "../core/schedules/ticks.ts";
import { type ApiResponse, json } from "./endpoint.ts";

/** The answer about one schedule, with its arguments. */
export async function answerSchedule(
  { payloads, clock }: { payloads: Payloads; clock: Clock },
  status: number,
  schedule: Schedule | CodeSchedule,
): Promise<ApiResponse> {
  const shown = presentSchedule(schedule, clock.now());
  if (!("arguments" in schedule)) return json(status, { data: shown });
  const text = await payloads.read(schedule.arguments, schedule.argumentsKey);
  return json(status, { data: { ...shown, function_arguments: JSON.parse(text) as unknown } });
}

/** A schedule as the API answers it at `nowMs`, without its arguments. */
export function presentSchedule(schedule: Schedule | CodeSchedule, nowMs: number): Record<string, unknown> {
  if (!("id" in schedule)) return presentCodeSchedule(schedule, nowMs);
  const nextAtMs = upcomingTick(schedule, nowMs);
  const last = lastRun(schedule, nowMs);
  return {
    id: schedule.id,
    name: schedule.name,
    source: "api",
    function_name: schedule.functionName,
    function_id: schedule.functionId,
    metadata: schedule.metadata,
    ...presentTicks(schedule.ticks),
    jitter_seconds: schedule.jitterSeconds,
    overlap: schedule.overlap,
    catch_up: schedule.catchUp,
    paused: schedule.isPaused,
    ...(nextAtMs !== undefined && { next_at: timestamp(nextAtMs) }),
    ...(last && { last_at: timestamp(last.atMs), last_execution_id: last.executionId }),
    created_at: timestamp(schedule.createdAtMs),
    updated_at: timestamp(schedule.updatedAtMs),
    ...(schedule.createdBy !== undefined && { created_by: schedule.createdBy }),
    ...(schedule.updatedBy !== undefined && { updated_by: schedule.updatedBy }),
  };
}

function presentCodeSchedule({ name, functionName, functionId, cron }: CodeSchedule, nowMs: number) {
  const nextAtMs = nextTick({ rule: { cron, timezone: "UTC" } }, nowMs);
  return {
    name,
    source: "code",
    function_name: functionName,
    function_id: functionId,
    cron,
    timezone: "UTC",
    paused: false,
    ...(nextAtMs !== undefined && { next_at: timestamp(nextAtMs) }),
  };
}

function presentTicks({ rule, startsAtMs, endsAtMs }: Ticks): Record<string, unknown> {
  return {
    ...("cron" in rule
      ? { cron: rule.cron, timezone: rule.timezone }
      : { every_seconds: rule.everySeconds, anchor: timestamp(rule.anchorMs) }),
    ...(startsAtMs !== undefined && { starts_at: timestamp(startsAtMs) }),
    ...(endsAtMs !== undefined && { ends_at: timestamp(endsAtMs) }),
  };
}
