import * as z from "zod";
import { alarmIds } from "../core/alarms.ts";
import { scopes } from "../core/api-token.ts";
import { errorCodes, states } from "../core/execution.ts";
import { resolutions } from "../core/failures/group.ts";
import { bulkActions } from "../core/jobs/bulk-job.ts";
import { jobStates } from "../core/jobs/steps.ts";
import { waitReasons } from "../core/lanes.ts";
import { overlaps } from "../core/schedules/schedule.ts";
import { catchUps } from "../core/schedules/ticks.ts";

// Shapes of the API's answers, for the contract and for the tests that check every answer. Not part of the Lambda.

const dateTime = z.iso.datetime({ precision: 3 });

const Execution = z
  .strictObject({
    id: z.string().meta({ description: "A UUID v7; an attempt's is `<execution id>.<number>`" }),
    state: z.enum(states),
    function_name: z.string(),
    function_id: z.guid(),
    scheduled_at: dateTime,
    created_at: dateTime,
    updated_at: dateTime,
    started_at: dateTime.optional(),
    finished_at: dateTime.optional(),
    discard_after: dateTime.optional(),
    waiting_for: z.enum(waitReasons).optional().meta({ description: "It is due, and why it does not start yet" }),
    attempt: z.int().min(1).meta({ description: "Number of the current or last attempt" }),
    error_code: z.enum(errorCodes).optional(),
    error_fingerprint: z
      .string()
      .optional()
      .meta({ description: "Kind of failure of the last attempt that has ended; see `/failures`" }),
    executed_by: z.guid().optional().meta({ description: "The execution that enqueued it" }),
    rerun_of: z.guid().optional(),
    schedule_name: z.string().optional().meta({ description: "The schedule whose tick it is" }),
    created_by: z.string().optional().meta({
      description: "Name of a token, `execution:<id>`, `schedule:<name>`, `cron`, or the ARN of a principal of AWS",
    }),
    version: z.int().min(0).meta({ description: "Counts the writes: the higher of two answers is the newer one" }),
    compute: z.enum(["lambda", "fargate"]),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ id: "Execution" });

export const ExecutionAnswer = z.strictObject({ data: Execution }).meta({ id: "ExecutionAnswer" });

const Change = z.strictObject({
  at: dateTime,
  what: z.enum([
    "created",
    "started",
    "attempt_failed",
    "retry_set",
    "rescheduled",
    "aborting",
    "succeed",
    "failed",
    "aborted",
    "cancelled",
    "discarded",
  ]),
  attempt: z.int().min(1).optional(),
  by: z.string().optional().meta({ description: "The caller; absent where the service decided" }),
  for: dateTime.optional().meta({ description: "The new due time" }),
  error_code: z.enum(errorCodes).optional(),
});

export const TimelineAnswer = z
  .strictObject({
    data: z.strictObject({
      changes: z.array(Change).meta({ description: "Oldest first: its creation, then the last 20" }),
      children: z.array(Execution).meta({ description: "The first 50 whose `executed_by` it is, oldest first" }),
      reruns: z.array(Execution).meta({ description: "The first 50 whose `rerun_of` it is, oldest first" }),
    }),
  })
  .meta({ id: "TimelineAnswer" });

const pageInfo = z.strictObject({
  has_next_page: z.boolean(),
  has_prev_page: z.boolean(),
  start_cursor: z.string().optional(),
  end_cursor: z.string().optional(),
});

export const ListAnswer = z.strictObject({ data: z.array(Execution), page_info: pageInfo }).meta({ id: "ListAnswer" });

const Schedule = z
  .strictObject({
    id: z.guid(),
    name: z.string(),
    source: z.literal("api"),
    function_name: z.string(),
    function_id: z.guid(),
    function_arguments: z.array(z.unknown()).optional().meta({ description: "Only where one schedule is asked for" }),
    metadata: z.record(z.string(), z.string()),
    cron: z.string().optional(),
    timezone: z.string().optional().meta({ description: "IANA name, with cron" }),
    every_seconds: z.int().min(1).optional(),
    anchor: dateTime.optional().meta({ description: "The ticks are whole periods from it" }),
    starts_at: dateTime.optional(),
    ends_at: dateTime.optional(),
    jitter_seconds: z.int().min(0),
    overlap: z.enum(overlaps),
    catch_up: z.enum(catchUps),
    paused: z.boolean(),
    next_at: dateTime.optional().meta({ description: "The next tick, without its jitter" }),
    last_at: dateTime.optional(),
    last_execution_id: z.guid().optional(),
    created_at: dateTime,
    updated_at: dateTime,
    created_by: z.string().optional().meta({ description: "Name of the caller who made it" }),
    updated_by: z.string().optional().meta({ description: "Name of the caller who changed it last" }),
  })
  .meta({ id: "Schedule" });

const CodeSchedule = z
  .strictObject({
    name: z.string(),
    source: z.literal("code").meta({ description: "It is changed by a deployment only" }),
    function_name: z.string(),
    function_id: z.guid(),
    cron: z.string(),
    timezone: z.literal("UTC"),
    paused: z.literal(false),
    next_at: dateTime.optional(),
  })
  .meta({ id: "CodeSchedule" });

export const ScheduleAnswer = z
  .strictObject({ data: z.union([Schedule, CodeSchedule]) })
  .meta({ id: "ScheduleAnswer" });

export const SchedulesAnswer = z
  .strictObject({ data: z.array(z.union([Schedule, CodeSchedule])), page_info: pageInfo })
  .meta({ id: "SchedulesAnswer" });

const Failure = z
  .strictObject({
    fingerprint: z.string(),
    state: z.enum(resolutions),
    function_name: z.string(),
    function_id: z.guid(),
    error_name: z.string(),
    message: z.string().meta({ description: "Of the last one, cut to 400 bytes" }),
    count: z.int().meta({ description: "Failed attempts of the last 7 days" }),
    by_hour: z
      .array(z.strictObject({ hour: dateTime, count: z.int() }))
      .meta({ description: "Hours in which it happened, oldest first" }),
    first_seen_at: dateTime.meta({ description: "Within the last 7 days" }),
    last_seen_at: dateTime,
    sample_execution_id: z.guid(),
    resolved_at: dateTime.optional(),
    resolved_by: z.string().optional(),
  })
  .meta({ id: "Failure" });

export const FailureAnswer = z.strictObject({ data: Failure }).meta({ id: "FailureAnswer" });
export const FailuresAnswer = z
  .strictObject({ data: z.array(Failure), page_info: pageInfo })
  .meta({ id: "FailuresAnswer" });

const Bulk = z
  .strictObject({
    id: z.guid(),
    action: z.enum(bulkActions),
    state: z.enum(jobStates),
    filters: z.record(z.string(), z.unknown()).meta({ description: "As a list takes them" }),
    force: z.boolean().optional(),
    schedule_for: dateTime.optional(),
    per_second: z.int().min(1),
    limit: z.int().min(1).optional(),
    examined: z.int().meta({ description: "Executions that were looked at" }),
    matched: z.int(),
    done: z.int(),
    skipped: z.int().meta({ description: "Their state did not allow it" }),
    failed: z.int(),
    failures: z
      .array(z.strictObject({ execution_id: z.guid(), message: z.string() }))
      .meta({ description: "The first ten" }),
    created_by: z.string().optional(),
    stopped_by: z.string().optional().meta({ description: "Name of the caller who stopped it" }),
    created_at: dateTime,
    updated_at: dateTime,
    finished_at: dateTime.optional(),
  })
  .meta({ id: "Bulk" });

export const BulkAnswer = z.strictObject({ data: Bulk }).meta({ id: "BulkAnswer" });
export const BulkListAnswer = z
  .strictObject({ data: z.array(Bulk), page_info: pageInfo })
  .meta({ id: "BulkListAnswer" });
export const DryRunAnswer = z
  .strictObject({
    data: z.strictObject({
      matched: z.int(),
      matched_is_lower_bound: z.boolean().meta({ description: "More may match than were counted" }),
      sample: z.array(Execution).meta({ description: "The oldest ten" }),
    }),
  })
  .meta({ id: "DryRunAnswer" });

export const TicksAnswer = z.strictObject({ data: z.array(dateTime) });

const FunctionShape = z
  .strictObject({
    name: z.string(),
    id: z.guid(),
    concurrency: z.int().min(1).optional(),
    max_concurrency_action: z.enum(["keep", "cancel"]).optional(),
    retry: z.strictObject({
      max_attempts: z.int().min(0),
      initial_interval_seconds: z.number(),
      multiplier: z.number(),
      max_interval_seconds: z.number(),
      randomization_factor: z.number(),
    }),
    max_duration_seconds: z.number(),
    memory: z.int().meta({ description: "In MB; the deployment's own options may override it" }),
    cron: z.string().optional(),
    config: z.record(z.string(), z.unknown()).meta({ description: "The `config` that the function's file exports" }),
    compute: z.enum(["lambda", "fargate"]),
    paused: z.boolean(),
    paused_at: dateTime.optional(),
    paused_by: z.string().optional().meta({ description: "Name of the caller who paused it" }),
    load: z
      .strictObject({
        waiting: z.int().meta({ description: "Messages in its queue, about" }),
        parked: z.int().meta({ description: "Executions that are due and wait for capacity or for a resume" }),
        parked_is_lower_bound: z.boolean().meta({ description: "More may be parked than were counted" }),
        running: z.int(),
        running_is_lower_bound: z.boolean().meta({ description: "More may run than were counted" }),
      })
      .optional(),
  })
  .meta({ id: "Function" });

export const FunctionAnswer = z.strictObject({ data: FunctionShape }).meta({ id: "FunctionAnswer" });
export const FunctionsAnswer = z.strictObject({ data: z.array(FunctionShape) }).meta({ id: "FunctionsAnswer" });

export const AlarmsAnswer = z
  .strictObject({
    data: z.array(
      z
        .strictObject({ name: z.enum(alarmIds), reason: z.string(), next_step: z.string(), since: dateTime })
        .meta({ id: "Alarm" }),
    ),
  })
  .meta({ id: "AlarmsAnswer" });

const tokenFields = {
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  functions: z.array(z.string()).optional().meta({ description: "It is for these only" }),
  created_at: dateTime,
  created_by: z.string(),
  expires_at: dateTime.optional(),
};

export const TokensAnswer = z
  .strictObject({ data: z.array(z.strictObject(tokenFields).meta({ id: "Token" })) })
  .meta({ id: "TokensAnswer" });

export const NewTokenAnswer = z
  .strictObject({
    data: z.strictObject({
      ...tokenFields,
      token: z.string().meta({ description: "What its holder shows. It is in no other answer" }),
    }),
  })
  .meta({ id: "NewTokenAnswer" });

export const ErrorAnswer = z
  .strictObject({
    error: z.enum([
      "bad_request",
      "unauthorized",
      "forbidden",
      "not_found",
      "method_not_allowed",
      "conflict",
      "payload_too_large",
      "unsupported_media_type",
      "internal",
      "unavailable",
    ]),
    message: z.string(),
  })
  .meta({ id: "Error" });

export const BatchAnswer = z
  .strictObject({
    data: z.array(z.union([z.strictObject({ execution: Execution }), z.strictObject({ error: ErrorAnswer })])),
  })
  .meta({ id: "BatchAnswer" });

export const MessageAnswer = z.strictObject({ message: z.string() }).meta({ id: "Message" });

export const HealthAnswer = z.strictObject({ status: z.literal("ok") });

export const LogLine = z.strictObject({ time: dateTime, stream: z.enum(["stdout", "stderr"]), line: z.string() });

export const ExecutionV1 = z.strictObject({ id: z.guid(), state: z.enum(states), result: z.unknown().optional() });
export const TriesV1 = z.array(z.strictObject({ id: z.string(), state: z.enum(states) }));

export const ConsoleCodeAnswer = z.strictObject({ data: z.strictObject({ code: z.string(), expires_at: dateTime }) });
export const ConsoleSessionAnswer = z.strictObject({ data: z.strictObject({ token: z.string() }) });
export const ConsoleCallerAnswer = z
  .strictObject({
    data: z.strictObject({
      name: z.string(),
      scopes: z.array(z.enum(scopes)),
      functions: z.array(z.string()).optional().meta({ description: "The only functions that the token is for" }),
    }),
  })
  .meta({ id: "ConsoleCallerAnswer" });
