import * as z from "zod/mini";
import { BATCH_MAX_ITEMS } from "../../core/limits.ts";
import {
  anyArray,
  apart,
  dateTime,
  functionName,
  integer,
  listOf,
  metadata,
  notAnObject,
  oneOf,
  printable,
  trueOrFalse,
} from "./fields.ts";

/** The body of an enqueue. */
export const EnqueueBody = z.lazy(() =>
  z
    .strictObject(enqueueFields(), notAnObject("the body"))
    .check(setsTheTime)
    .register(z.globalRegistry, apart(["debounce", "schedule_for"])),
);

const enqueueFields = () => ({
  function_name: functionName,
  function_arguments: z._default(anyArray, []),
  schedule_for: z.optional(dateTime),
  discard_after: z.optional(dateTime),
  metadata: z.optional(metadata),
  debounce: z.optional(Debounce),
});

const setsTheTime = z.refine<{ debounce?: unknown; schedule_for?: unknown }>(
  ({ debounce, schedule_for }) => debounce === undefined || schedule_for === undefined,
  { error: "goes without debounce, which sets the time itself", path: ["schedule_for"] },
);

const Debounce = z.lazy(() =>
  z
    .strictObject(
      {
        key: printable("a key"),
        delaySeconds: integer(1, MAX_DEBOUNCE_SECONDS),
        maxDelaySeconds: z.optional(integer(1, MAX_DEBOUNCE_SECONDS)),
      },
      notAnObject("debounce"),
    )
    .check(
      z.refine(({ delaySeconds, maxDelaySeconds = Infinity }) => delaySeconds <= maxDelaySeconds, {
        error: "must not be less than delaySeconds",
        path: ["maxDelaySeconds"],
      }),
    ),
);

/** The longest delay of a debounced execution: a year. */
const MAX_DEBOUNCE_SECONDS = 31_536_000;

/** An idempotency key, where there is one. */
export const IdempotencyKey = z.lazy(() =>
  z.optional(
    z
      .string({ error: "must be text" })
      .check(
        z.minLength(1, "must not be empty"),
        z.maxLength(256, "must have 256 characters at most"),
        z.regex(/^[ -~]*$/, "must be printable ASCII"),
      ),
  ),
);

/** One of a batch: the body of an enqueue, and its idempotency key. */
export const BatchItem = z.lazy(() =>
  z
    .strictObject({ ...enqueueFields(), idempotency_key: IdempotencyKey }, notAnObject("it"))
    .check(
      setsTheTime,
      z.refine(({ debounce, idempotency_key }) => debounce === undefined || idempotency_key === undefined, {
        error: "goes without debounce",
        path: ["idempotency_key"],
      }),
    )
    .register(z.globalRegistry, apart(["debounce", "schedule_for"], ["debounce", "idempotency_key"])),
);

/** The body of a batch. Its items are checked one by one: a bad one harms no other. */
export const BatchBody = z.lazy(() =>
  z.strictObject({ executions: listOf(z.unknown(), BATCH_MAX_ITEMS) }, notAnObject("the body")),
);

/** The body of a reschedule. Without a time it means now. */
export const ScheduleBody = z.lazy(() =>
  z.prefault(z.strictObject({ schedule_for: z.optional(dateTime) }, notAnObject("the body")), {}),
);

/** The body of a cancellation. */
export const CancellationBody = z.lazy(() =>
  z.prefault(z.strictObject({ force: trueOrFalse }, notAnObject("the body")), {}),
);

/** The body of a re-run. Without other input it is that of the original. */
export const RerunBody = z.lazy(() =>
  z.prefault(
    z.strictObject({ arguments: z.optional(anyArray), metadata: z.optional(metadata) }, notAnObject("the body")),
    {},
  ),
);

/** The query of arguments, results and logs. */
export const PayloadQuery = z.lazy(() =>
  z.strictObject({ inline: z.optional(oneOf(["true", "false"])) }, notAnObject("it")),
);

/** The query of a log beside that of a payload. */
export const LogsQuery = z.lazy(() => z.object({ after: z.optional(integer(0, 10_000_000)) }));

/** The enqueue body of `@defer/client` 1.x. */
export const EnqueueV1Body = z.lazy(() =>
  z.object(
    {
      name: functionName,
      arguments: z._default(anyArray, []),
      schedule_for: z.optional(dateTime),
      /** The name that the documentation of version 1 had. */
      scheduled_for: z.optional(dateTime),
      discard_after: z.optional(dateTime),
      metadata: z.optional(metadata),
    },
    notAnObject("the body"),
  ),
);
