import * as z from "zod";
import { errorCodes, states } from "../core/execution.ts";

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
    attempt: z.int().min(1).meta({ description: "Number of the current or last attempt" }),
    error_code: z.enum(errorCodes).optional(),
    executed_by: z.guid().optional().meta({ description: "The execution that enqueued it" }),
    rerun_of: z.guid().optional(),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ id: "Execution" });

export const ExecutionAnswer = z.strictObject({ data: Execution }).meta({ id: "ExecutionAnswer" });

export const ListAnswer = z
  .strictObject({
    data: z.array(Execution),
    page_info: z.strictObject({
      has_next_page: z.boolean(),
      has_prev_page: z.boolean(),
      start_cursor: z.string().optional(),
      end_cursor: z.string().optional(),
    }),
  })
  .meta({ id: "ListAnswer" });

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
    load: z
      .strictObject({
        waiting: z.int().meta({ description: "Messages in its queue, about" }),
        running: z.int(),
        running_is_lower_bound: z.boolean().meta({ description: "More may run than were counted" }),
      })
      .optional(),
  })
  .meta({ id: "Function" });

export const DeployedFunctionAnswer = z.strictObject({ data: FunctionShape }).meta({ id: "DeployedFunctionAnswer" });
export const DeployedFunctionsAnswer = z
  .strictObject({ data: z.array(FunctionShape) })
  .meta({ id: "DeployedFunctionsAnswer" });

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

export const FunctionAnswer = z.strictObject({
  data: z.strictObject({ id: z.guid(), name: z.string(), paused: z.boolean() }),
});
