import * as z from "zod/mini";
import { isTokenName, RESERVED_TOKEN_NAMES, scopes, TOKEN_NAME, TOKEN_NAME_RULE } from "../core/api-token.ts";
import { errorCodes, states } from "../core/execution.ts";
import { resolutions } from "../core/failures/group.ts";
import { bulkActions } from "../core/jobs/bulk-job.ts";
import {
  BATCH_MAX_ITEMS,
  BULK_DEFAULT_PER_SECOND,
  BULK_MAX_FILTERS_LENGTH,
  BULK_MAX_PER_SECOND,
  FIRST_MOMENT_MS,
  LAST_MOMENT_MS,
  METADATA_MAX_LENGTH,
  METADATA_MAX_PAIRS,
} from "../core/limits.ts";
import { cronProblem } from "../core/schedules/cron-ticks.ts";
import { NAME_RULE, SCHEDULE_NAME } from "../core/schedules/name.ts";
import { overlaps } from "../core/schedules/schedule.ts";
import { catchUps } from "../core/schedules/ticks.ts";
import { isZone } from "../core/schedules/zone.ts";

// All are lazy: a cold start answers one request, and does not build what that does not use.

// A date that does not exist (2026-02-30) is refused by zod's own pattern.
const dateTime = z.lazy(() =>
  z
    .pipe(
      z.pipe(
        z.string({ error: "must be a date and time as text" }),
        z.iso.datetime({ offset: true, error: "must be an existing date and time such as 2026-11-23T09:00:00.000Z" }),
      ),
      z.transform((text) => Date.parse(text)),
    )
    .check(
      // 9999-12-31T23:59:59-01:00 is in the year 10000 by UTC.
      z.refine((ms) => ms <= LAST_MOMENT_MS, "must be before the year 10000"),
      z.refine((ms) => ms >= FIRST_MOMENT_MS, "must be after the year 0"),
    )
    .register(z.globalRegistry, { format: "date-time" }),
);

const printable = (what: string) =>
  z
    .string({ error: `${what} must be text` })
    .check(
      z.minLength(1, `${what} must not be empty`),
      z.maxLength(METADATA_MAX_LENGTH, `${what} must have ${METADATA_MAX_LENGTH} characters at most`),
      z.regex(/^[ -~]*$/, `${what} must be printable ASCII`),
    );

/** The same rule in the contract. */
const PRINTABLE = { minLength: 1, maxLength: METADATA_MAX_LENGTH, pattern: "^[ -~]*$" };

const metadata = z.lazy(() => {
  const [aKey, aValue] = [printable("a key"), printable("a value")];
  return z
    .pipe(
      z.unknown().check(
        z.superRefine((value, context) => {
          const refuse = (message: string, path: string[] = []) => context.addIssue({ code: "custom", message, path });
          if (typeof value !== "object" || value === null || Array.isArray(value))
            return refuse("must be an object of texts");
          const pairs = Object.entries(value);
          if (pairs.length > METADATA_MAX_PAIRS) return refuse(`must have ${METADATA_MAX_PAIRS} pairs at most`);
          for (const [key, text] of pairs) {
            // As an own property it would not survive being copied.
            if (key === "__proto__") refuse("a key must not be __proto__");
            for (const checked of [aKey.safeParse(key), aValue.safeParse(text)]) {
              if (!checked.success) refuse(checked.error.issues[0]?.message ?? "is invalid", [key]);
            }
          }
        }),
      ),
      z.transform((value) => value as Record<string, string>),
    )
    .register(z.globalRegistry, {
      type: "object",
      maxProperties: METADATA_MAX_PAIRS,
      propertyNames: { ...PRINTABLE, not: { const: "__proto__" } },
      additionalProperties: { type: "string", ...PRINTABLE },
    });
});

const notAnObject = (what: string) => ({
  error: ({ code, keys }: { code?: string | undefined; keys?: string[] }) =>
    // A field that is passed over in silence would be a filter that does not filter.
    code === "unrecognized_keys" ? `unknown field ${keys?.join(", ")}` : `${what} must be a JSON object`,
});

/** The contract's words for an object without these fields. */
const without = (...names: string[]) => ({ not: { anyOf: names.map((name) => ({ required: [name] })) } });

// The length comes first: the faults of 100,000 values would be as many. `ifEmpty`: refuses a list of none so.
const listOf = <Value extends z.ZodMiniType>(value: Value, most: number, ifEmpty?: string) =>
  z.pipe(
    z.transform((values, context) => {
      if (!Array.isArray(values) || values.length <= most) return values as unknown;
      context.issues.push({ code: "custom", message: `must have ${most} values at most`, input: values });
      return z.NEVER;
    }),
    z
      .array(value, { error: "must be an array" })
      .check(z.maxLength(most), ...(ifEmpty === undefined ? [] : [z.minLength(1, ifEmpty)])),
  );

const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` });

const functionName = z.lazy(() =>
  z.string({ error: "must be the name of a function" }).check(
    z.minLength(1, "must not be empty"),
    // The message of an unknown function repeats it.
    z.maxLength(256, "must have 256 characters at most"),
  ),
);

const anyArray = z.lazy(() => z.array(z.unknown(), { error: "must be an array" }));

/** The longest delay of a debounced execution: a year. */
const MAX_DEBOUNCE_SECONDS = 31_536_000;

const Debounce = z.lazy(() =>
  z
    .strictObject(
      {
        key: printable("a key"),
        delaySeconds: seconds(1, MAX_DEBOUNCE_SECONDS),
        maxDelaySeconds: z.optional(seconds(1, MAX_DEBOUNCE_SECONDS)),
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

/** The body of an enqueue. */
export const EnqueueBody = z.lazy(() => z.strictObject(enqueueFields(), notAnObject("the body")).check(setsTheTime));

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
  z.strictObject({ ...enqueueFields(), idempotency_key: IdempotencyKey }, notAnObject("it")).check(
    setsTheTime,
    z.refine(({ debounce, idempotency_key }) => debounce === undefined || idempotency_key === undefined, {
      error: "goes without debounce",
      path: ["idempotency_key"],
    }),
  ),
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
  z.prefault(
    z.strictObject(
      { force: z._default(z.boolean({ error: "must be true or false" }), false) },
      notAnObject("the body"),
    ),
    {},
  ),
);

/** Body of requests whose path says everything. */
export const EmptyBody = z.lazy(() => z.prefault(z.strictObject({}, notAnObject("the body")), {}));

/** The body of a re-run. Without other input it is that of the original. */
export const RerunBody = z.lazy(() =>
  z.prefault(
    z.strictObject({ arguments: z.optional(anyArray), metadata: z.optional(metadata) }, notAnObject("the body")),
    {},
  ),
);

/** How long a code for the console is good: ten minutes unless asked otherwise, a day at most. */
export const ConsoleCodeBody = z.lazy(() =>
  z.prefault(
    z.strictObject(
      {
        valid_seconds: z._default(
          z
            .int("must be a whole number")
            .check(z.gte(1, "must be at least 1"), z.lte(86_400, "must be a day (86400) at most")),
          600,
        ),
      },
      notAnObject("the body"),
    ),
    {},
  ),
);

/** The code in the address of the page. */
export const ConsoleSessionBody = z.lazy(() =>
  z.strictObject({ code: z.string({ error: "must be text" }).check(z.maxLength(10_000)) }, notAnObject("the body")),
);

/** The query of arguments, results and logs. */
/** The query of a log beside that of a payload. */
export const LogsQuery = z.lazy(() => z.object({ after: z.optional(seconds(0, 10_000_000)) }));

export const PayloadQuery = z.lazy(() =>
  z.strictObject({ inline: z.optional(oneOf(["true", "false"])) }, notAnObject("it")),
);

/** The query of `GET /functions`. */
export const FunctionsQuery = z.lazy(() => z.strictObject({ include: z.optional(oneOf(["load"])) }, notAnObject("it")));

const interval = z.lazy(() =>
  z.strictObject({ from: z.optional(dateTime), to: z.optional(dateTime) }, notAnObject("it")),
);

/** The longest period of a schedule: a year. Longer ones are said by cron. */
const MAX_EVERY_SECONDS = 366 * 86_400;
const MAX_JITTER_SECONDS = 3_600;

const seconds = (least: number, most: number) =>
  z
    .int({ error: "must be a whole number" })
    .check(z.gte(least, `must be ${least} or more`), z.lte(most, `must be ${most} at most`));

const cronExpression = z.lazy(() =>
  z.string({ error: "must be a cron expression as text" }).check(
    z.maxLength(256, { error: "must have 256 characters at most", abort: true }),
    z.superRefine((text, context) => {
      const message = cronProblem(text);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    }),
  ),
);

const timeZone = z.lazy(() => {
  const error = "must be an IANA time zone such as Europe/Paris";
  return z
    .string({ error: "must be a time zone as text" })
    .check(z.maxLength(64, { error, abort: true }), z.refine(isZone, error));
});

/** The body of a schedule. */
export const PutScheduleBody = z.lazy(() =>
  z
    .strictObject(
      {
        function_name: functionName,
        function_arguments: z._default(z.array(z.unknown(), { error: "must be an array" }), []),
        metadata: z.optional(metadata),
        cron: z.optional(cronExpression),
        timezone: z.optional(timeZone),
        every_seconds: z.optional(seconds(1, MAX_EVERY_SECONDS)),
        anchor: z.optional(dateTime),
        starts_at: z.optional(dateTime),
        ends_at: z.optional(dateTime),
        jitter_seconds: z._default(seconds(0, MAX_JITTER_SECONDS), 0),
        overlap: z._default(oneOf(overlaps), "allow"),
        catch_up: z._default(oneOf(catchUps), "latest"),
      },
      notAnObject("the body"),
    )
    .check(
      z.refine(
        ({ cron, every_seconds }) => (cron === undefined) !== (every_seconds === undefined),
        "must have either cron or every_seconds",
      ),
      z.refine(({ cron, timezone }) => cron !== undefined || timezone === undefined, {
        error: "goes with cron only: every_seconds knows no time zone",
        path: ["timezone"],
      }),
      z.refine(({ every_seconds, anchor }) => every_seconds !== undefined || anchor === undefined, {
        error: "goes with every_seconds only",
        path: ["anchor"],
      }),
      z.refine(({ starts_at = -Infinity, ends_at = Infinity }) => starts_at <= ends_at, {
        error: "must not be before starts_at",
        path: ["ends_at"],
      }),
    )
    .register(z.globalRegistry, {
      anyOf: [
        { required: ["cron"], ...without("every_seconds", "anchor") },
        { required: ["every_seconds"], ...without("cron", "timezone") },
      ],
    }),
);

/** The body of a new token. */
export const TokenBody = z.lazy(() =>
  z
    .strictObject(
      {
        name: z
          .string({ error: "must be the name of the token" })
          .check(z.refine(isTokenName, TOKEN_NAME_RULE))
          .register(z.globalRegistry, { pattern: TOKEN_NAME.source, not: { enum: RESERVED_TOKEN_NAMES } }),
        scopes: listOf(oneOf(scopes), 10, "must name one scope at least"),
        functions: z.optional(listOf(functionName, 100, "must name one function at least")),
        expires_at: z.optional(dateTime),
      },
      notAnObject("the body"),
    )
    .check(
      z.refine(({ scopes, functions }) => functions === undefined || !scopes.includes("admin"), {
        error: "cannot go with the scope admin, which could make itself a token for all functions",
        path: ["functions"],
      }),
    )
    .register(z.globalRegistry, {
      anyOf: [
        without("functions"),
        { properties: { scopes: { items: { enum: scopes.filter((scope) => scope !== "admin") } } } },
      ],
    }),
);

const uuid = (what: string) =>
  z.pipe(
    z.guid({ error: `must be the id of ${what}` }),
    z.transform((id) => id.toLowerCase()),
  );

/** The name of a schedule. */
export const ScheduleName = z.lazy(() =>
  z.string({ error: "must be the name of a schedule" }).check(z.regex(SCHEDULE_NAME, NAME_RULE)),
);

/** The kind of a failure. */
const Fingerprint = z.lazy(() =>
  z
    .string({ error: "must be the fingerprint of a failure" })
    .check(z.regex(/^[0-9a-f]{32}$/, "must be the fingerprint of a failure: 32 hexadecimal digits")),
);

const Filters = z.lazy(() =>
  z.strictObject(
    {
      states: z.optional(listOf(oneOf(states), 100)),
      function_ids: z.optional(listOf(uuid("a function"), 100)),
      error_codes: z.optional(listOf(oneOf(errorCodes), 100)),
      executed_by: z.optional(uuid("an execution")),
      rerun_of: z.optional(uuid("an execution")),
      created_at: z.optional(interval),
      schedule: z.optional(ScheduleName),
      error_fingerprint: z.optional(Fingerprint),
      scheduled_at: z.optional(interval),
      started_at: z.optional(interval),
      metadata: z.optional(
        listOf(
          z.strictObject(
            { key: printable("a key"), values: listOf(printable("a value"), 100) },
            notAnObject("each filter of metadata"),
          ),
          METADATA_MAX_PAIRS,
        ),
      ),
    },
    notAnObject("filters"),
  ),
);

const wholeNumber = z.lazy(() => z.int({ error: "must be a whole number" }).check(z.gte(1, "must be 1 or more")));

const cursor = z.lazy(() => z.string({ error: "must be a cursor of an earlier page" }));

const Page = z.lazy(() =>
  z
    .strictObject(
      {
        first: z.optional(wholeNumber),
        after: z.optional(cursor),
        last: z.optional(wholeNumber),
        before: z.optional(cursor),
      },
      notAnObject("page"),
    )
    .check(
      z.refine(
        ({ first, after, last, before }) =>
          (first === undefined && after === undefined) || (last === undefined && before === undefined),
        "takes first and after, or last and before, but not both",
      ),
    )
    .register(z.globalRegistry, { anyOf: [without("last", "before"), without("first", "after")] }),
);

/** The query of a list of schedules. */
export const SchedulesQuery = z.lazy(() =>
  z.strictObject(
    {
      page: Page,
      function_ids: z.optional(listOf(uuid("a function"), 100)),
      paused: z.optional(oneOf(["true", "false"])),
      prefix: z.optional(ScheduleName),
    },
    notAnObject("the query"),
  ),
);

/** The page of a list without filters. */
export const PageQuery = Page;

export function isUuid(text: string): boolean {
  return z.guid().safeParse(text).success;
}

/** The body of a bulk job. The filters must be said, since none match everything. */
export const BulkBody = z.lazy(() =>
  z
    .strictObject(
      {
        action: oneOf(bulkActions),
        filters: Filters,
        force: z._default(z.boolean({ error: "must be true or false" }), false),
        schedule_for: z.optional(dateTime),
        arguments: z.optional(anyArray),
        per_second: z._default(seconds(1, BULK_MAX_PER_SECOND), BULK_DEFAULT_PER_SECOND),
        limit: z.optional(wholeNumber),
        dry_run: z._default(z.boolean({ error: "must be true or false" }), false),
      },
      notAnObject("the body"),
    )
    .check(
      z.refine(({ action, force }) => action === "cancel" || !force, {
        error: "goes with the action cancel only",
        path: ["force"],
      }),
      z.refine(({ action, schedule_for }) => action !== "cancel" || schedule_for === undefined, {
        error: "goes with the actions rerun and reschedule only",
        path: ["schedule_for"],
      }),
      z.refine(({ action, arguments: values }) => action === "rerun" || values === undefined, {
        error: "goes with the action rerun only",
        path: ["arguments"],
      }),
      z.refine(({ filters }) => JSON.stringify(filters).length <= BULK_MAX_FILTERS_LENGTH, {
        error: `must have ${BULK_MAX_FILTERS_LENGTH} characters at most as JSON`,
        path: ["filters"],
      }),
    )
    .register(z.globalRegistry, {
      anyOf: [
        { properties: { action: { const: "cancel" } }, ...without("schedule_for", "arguments") },
        { properties: { action: { const: "rerun" }, force: { const: false } } },
        { properties: { action: { const: "reschedule" }, force: { const: false } }, ...without("arguments") },
      ],
    }),
);

/** The query of a list of failures. */
export const FailuresQuery = z.lazy(() =>
  z.strictObject(
    {
      page: Page,
      states: z.optional(listOf(oneOf(resolutions), 100)),
      function_ids: z.optional(listOf(uuid("a function"), 100)),
    },
    notAnObject("the query"),
  ),
);

/** The body of a resolution. */
export const ResolutionBody = z.lazy(() => z.strictObject({ state: oneOf(resolutions) }, notAnObject("the body")));

/** How many ticks to tell. */
export const TickCount = z.lazy(() => z._default(seconds(1, 1_000), 10));

/** The body of a list. */
export const ListBody = z.lazy(() =>
  z.strictObject({ page: z.optional(Page), filters: z.optional(Filters) }, notAnObject("the body")),
);

/** The enqueue body of `@defer/client` 1.x. */
export const EnqueueV1Body = z.lazy(() =>
  z.object(
    {
      name: functionName,
      arguments: z._default(z.array(z.unknown(), { error: "must be an array" }), []),
      schedule_for: z.optional(dateTime),
      /** As the documentation of version 1 had it. */
      scheduled_for: z.optional(dateTime),
      discard_after: z.optional(dateTime),
      metadata: z.optional(metadata),
    },
    notAnObject("the body"),
  ),
);
