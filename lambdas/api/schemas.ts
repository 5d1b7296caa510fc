import * as z from "zod";
import { errorCodes, states } from "../core/execution.ts";
import {
  FIRST_MOMENT_MS,
  LAST_MOMENT_MS,
  METADATA_MAX_LENGTH,
  METADATA_MAX_PAIRS,
  PAGE_MAX_ITEMS,
} from "../core/limits.ts";

// A date that does not exist (2026-02-30) is refused by zod's own pattern.
const dateTime = z
  .string({ error: "must be a date and time as text" })
  .pipe(z.iso.datetime({ offset: true, error: "must be an existing date and time such as 2026-11-23T09:00:00.000Z" }))
  .transform((text) => Date.parse(text))
  // 9999-12-31T23:59:59-01:00 is in the year 10000 by UTC.
  .refine((ms) => ms <= LAST_MOMENT_MS, "must be before the year 10000")
  .refine((ms) => ms >= FIRST_MOMENT_MS, "must be after the year 0")
  .meta({ format: "date-time" });

const printable = (what: string) =>
  z
    .string({ error: `${what} must be text` })
    .min(1, `${what} must not be empty`)
    .max(METADATA_MAX_LENGTH, `${what} must have ${METADATA_MAX_LENGTH} characters at most`)
    .regex(/^[ -~]*$/, `${what} must be printable ASCII`);

const metadata = z
  .unknown()
  .superRefine((value, context) => {
    const refuse = (message: string, path: string[] = []) => context.addIssue({ code: "custom", message, path });
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return refuse("must be an object of texts");
    const pairs = Object.entries(value);
    if (pairs.length > METADATA_MAX_PAIRS) refuse(`must have ${METADATA_MAX_PAIRS} pairs at most`);
    for (const [key, text] of pairs) {
      // As an own property it would not survive being copied.
      if (key === "__proto__") refuse("a key must not be __proto__");
      for (const checked of [printable("a key").safeParse(key), printable("a value").safeParse(text)]) {
        if (!checked.success) refuse(checked.error.issues[0]?.message ?? "is invalid", [key]);
      }
    }
  })
  .transform((value) => value as Record<string, string>)
  .meta({
    type: "object",
    maxProperties: METADATA_MAX_PAIRS,
    additionalProperties: { type: "string", minLength: 1, maxLength: METADATA_MAX_LENGTH, pattern: "^[ -~]*$" },
  });

const notAnObject = (what: string) => ({
  error: ({ code, keys }: { code?: string | undefined; keys?: string[] }) =>
    // A field that is passed over in silence would be a filter that does not filter.
    code === "unrecognized_keys" ? `unknown field ${keys?.join(", ")}` : `${what} must be a JSON object`,
});

const listOf = <Value extends z.ZodType>(value: Value, most: number) =>
  z.array(value, { error: "must be an array" }).max(most, `must have ${most} values at most`);

const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` });

const functionName = z
  .string({ error: "must be the name of a function" })
  .min(1, "must not be empty")
  // The message of an unknown function repeats it.
  .max(256, "must have 256 characters at most");

/** The body of an enqueue. */
export const EnqueueBody = z.strictObject(
  {
    function_name: functionName,
    function_arguments: z.array(z.unknown(), { error: "must be an array" }).default([]),
    schedule_for: dateTime.optional(),
    discard_after: dateTime.optional(),
    metadata: metadata.optional(),
  },
  notAnObject("the body"),
);

/** The header `Idempotency-Key`. */
export const IdempotencyKey = z
  .string()
  .min(1, "must not be empty")
  .max(256, "must have 256 characters at most")
  .regex(/^[ -~]*$/, "must be printable ASCII");

/** The body of a reschedule. Without a time it means now. */
export const ScheduleBody = z.strictObject({ schedule_for: dateTime.optional() }, notAnObject("the body")).prefault({});

/** The body of a cancellation. */
export const CancellationBody = z
  .strictObject({ force: z.boolean({ error: "must be true or false" }).default(false) }, notAnObject("the body"))
  .prefault({});

/** The body of a re-run: nothing can be said yet. */
export const RerunBody = z.strictObject({}, notAnObject("the body")).prefault({});

const interval = z.strictObject({ from: dateTime.optional(), to: dateTime.optional() }, notAnObject("it"));

const uuid = (what: string) => z.guid({ error: `must be the id of ${what}` }).transform((id) => id.toLowerCase());

const Filters = z.strictObject(
  {
    states: listOf(oneOf(states), 100).optional(),
    function_ids: listOf(uuid("a function"), 100).optional(),
    error_codes: listOf(oneOf(errorCodes), 100).optional(),
    executed_by: uuid("an execution").optional(),
    scheduled_at: interval.optional(),
    started_at: interval.optional(),
    metadata: listOf(
      z.strictObject(
        { key: printable("a key"), values: listOf(printable("a value"), 100) },
        notAnObject("each filter of metadata"),
      ),
      METADATA_MAX_PAIRS,
    ).optional(),
  },
  notAnObject("filters"),
);

const wholeNumber = z
  .int({ error: "must be a whole number" })
  .min(1, "must be 1 or more")
  .max(PAGE_MAX_ITEMS, `must be ${PAGE_MAX_ITEMS} or less`);

const cursor = z.string({ error: "must be a cursor of an earlier page" });

const Page = z
  .strictObject(
    {
      first: wholeNumber.optional(),
      after: cursor.optional(),
      last: wholeNumber.optional(),
      before: cursor.optional(),
    },
    notAnObject("page"),
  )
  .refine(
    ({ first, after, last, before }) =>
      (first === undefined && after === undefined) || (last === undefined && before === undefined),
    "takes first and after, or last and before, but not both",
  );

/** The body of a list. */
export const ListBody = z.strictObject({ page: Page.optional(), filters: Filters.optional() }, notAnObject("the body"));

/** What `@defer/client` 1.x sends to enqueue. */
export const EnqueueV1Body = z.object(
  {
    name: functionName,
    arguments: z.array(z.unknown(), { error: "must be an array" }).default([]),
    schedule_for: dateTime.optional(),
    /** As the documentation of version 1 had it. */
    scheduled_for: dateTime.optional(),
    discard_after: dateTime.optional(),
    metadata: metadata.optional(),
  },
  notAnObject("the body"),
);
