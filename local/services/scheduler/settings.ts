import * as z from "zod";
import { arn } from "../../account.ts";
import { AwsFailure } from "../../gateway/failures.ts";
import { parseExpression, type Timing } from "./expression.ts";
import { isTimeZone } from "./time-zone.ts";

// Limits are from the API reference (CreateSchedule and its types) unless noted.

/** Name of a schedule or group. */
export const Name = z.string().regex(/^[0-9a-zA-Z\-_.]{1,64}$/, "must match [0-9a-zA-Z-_.]{1,64}");

/** AWS documents no limit; 256 KB is the figure commonly given. */
const MAX_INPUT_BYTES = 262_144;

/** How far in the past a recurring schedule's `StartDate` may be, by https://github.com/getmoto/moto/pull/8172 */
const MAX_START_LAG_MS = 300_000;

const QUEUE = new RegExp(`^${arn("sqs", "[\\w-]{1,80}(?:\\.fifo)?")}$`);
const STANDARD_QUEUE = new RegExp(`^${arn("sqs", "[\\w-]{1,80}")}$`);
const FUNCTION = new RegExp(`^${arn("lambda", "function:[\\w-]{1,64}")}$`);

const isFifo = (queue: string) => queue.endsWith(".fifo");

const Target = z
  .strictObject({
    Arn: z
      .string()
      .refine(
        (it) => QUEUE.test(it) || FUNCTION.test(it),
        "only queues and functions of this account are targets here",
      ),
    RoleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/, "must be the ARN of a role"),
    Input: z
      .string()
      .min(1)
      .refine((it) => Buffer.byteLength(it) <= MAX_INPUT_BYTES, `must have at most ${MAX_INPUT_BYTES} bytes`)
      .optional(),
    DeadLetterConfig: z
      .strictObject({ Arn: z.string().regex(STANDARD_QUEUE, "must be a standard queue of this account").optional() })
      .optional(),
    RetryPolicy: z
      .strictObject({
        MaximumEventAgeInSeconds: z.int().min(60).max(86_400).default(86_400),
        MaximumRetryAttempts: z.int().min(0).max(185).default(185),
      })
      .prefault({}),
    SqsParameters: z.strictObject({ MessageGroupId: z.string().min(1).max(128).optional() }).optional(),
  })
  .refine(
    ({ Arn, SqsParameters }) => isFifo(Arn) === (SqsParameters?.MessageGroupId !== undefined),
    "SqsParameters.MessageGroupId must be given for a FIFO queue, and for nothing else here",
  );

const FlexibleTimeWindow = z.discriminatedUnion("Mode", [
  z.strictObject({ Mode: z.literal("OFF") }),
  z.strictObject({ Mode: z.literal("FLEXIBLE"), MaximumWindowInMinutes: z.int().min(1).max(1_440) }),
]);

/** Settings of a schedule, as the API and CloudFormation have them; dates are epoch seconds. */
export const Settings = z.strictObject({
  ScheduleExpression: z.string().min(1).max(256),
  ScheduleExpressionTimezone: z.string().min(1).max(50).default("UTC"),
  Target,
  FlexibleTimeWindow,
  StartDate: z.number().optional(),
  EndDate: z.number().optional(),
  Description: z.string().max(512).optional(),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  ActionAfterCompletion: z.enum(["NONE", "DELETE"]).default("NONE"),
});

export type Settings = z.infer<typeof Settings>;
export type Target = Settings["Target"];

/** Validates settings. @throws AwsFailure ValidationException naming the field */
export function validate<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalid(z.prettifyError(parsed.error));
}

export function invalid(message: string): AwsFailure {
  return new AwsFailure(400, "ValidationException", message);
}

/** Returns when settings are due. @throws AwsFailure ValidationException for an invalid expression or time zone */
export function timingOf({ ScheduleExpression, ScheduleExpressionTimezone }: Settings): Timing {
  if (!isTimeZone(ScheduleExpressionTimezone)) {
    throw invalid(`The ScheduleExpressionTimezone ${ScheduleExpressionTimezone} is not valid.`);
  }
  const timing = parseExpression(ScheduleExpression, ScheduleExpressionTimezone);
  if (timing === undefined) throw invalid(`Invalid Schedule Expression ${ScheduleExpression}.`);
  return timing;
}

/** Refuses a time in the past. @throws AwsFailure ValidationException */
export function checkDates({ ScheduleExpression, StartDate, EndDate }: Settings, timing: Timing, nowMs: number): void {
  if (timing.kind === "at") {
    // The dates are ignored for one-time schedules.
    if (timing.dueMs < nowMs) throw invalid(`Invalid Schedule Expression ${ScheduleExpression}. It is in the past.`);
    return;
  }
  if (StartDate !== undefined && StartDate * 1_000 < nowMs - MAX_START_LAG_MS) {
    throw invalid("The StartDate you specify cannot be earlier than 5 minutes ago.");
  }
  if (EndDate !== undefined && EndDate * 1_000 < nowMs) {
    throw invalid("The EndDate you specify must be in the future.");
  }
  if (StartDate !== undefined && EndDate !== undefined && EndDate <= StartDate) {
    throw invalid("The EndDate you specify must come after the StartDate.");
  }
}
