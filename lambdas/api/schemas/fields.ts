import * as z from "zod/mini";
import { FIRST_MOMENT_MS, LAST_MOMENT_MS, METADATA_MAX_LENGTH, METADATA_MAX_PAIRS } from "../../core/limits.ts";
import { NAME_RULE, SCHEDULE_NAME } from "../../core/schedules/name.ts";

// Fields that several requests share. All schemas are lazy: a cold start answers one request, and does not build what
// that does not use.

/** A date and time of ISO 8601 as epoch milliseconds. Refuses dates that do not exist (2026-02-30). */
export const dateTime = z.lazy(() =>
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

/** A key or value of metadata: printable ASCII. `what` names it in the error. */
export const printable = (what: string) =>
  z
    .string({ error: `${what} must be text` })
    .check(
      z.minLength(1, `${what} must not be empty`),
      z.maxLength(METADATA_MAX_LENGTH, `${what} must have ${METADATA_MAX_LENGTH} characters at most`),
      z.regex(/^[ -~]*$/, `${what} must be printable ASCII`),
    );

/** The same rule in the contract. */
const PRINTABLE = { minLength: 1, maxLength: METADATA_MAX_LENGTH, pattern: "^[ -~]*$" };

/** Metadata: an object of texts. */
export const metadata = z.lazy(() => {
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

export const functionName = z.lazy(() =>
  z.string({ error: "must be the name of a function" }).check(
    z.minLength(1, "must not be empty"),
    // The message of an unknown function repeats it.
    z.maxLength(256, "must have 256 characters at most"),
  ),
);

export const anyArray = z.lazy(() => z.array(z.unknown(), { error: "must be an array" }));

/** The name of a schedule. */
export const ScheduleName = z.lazy(() =>
  z.string({ error: "must be the name of a schedule" }).check(z.regex(SCHEDULE_NAME, NAME_RULE)),
);

export const uuid = (what: string) =>
  z.pipe(
    z.guid({ error: `must be the id of ${what}` }),
    z.transform((id) => id.toLowerCase()),
  );

export function isUuid(text: string): boolean {
  return z.guid().safeParse(text).success;
}

/** A whole number from `least` to `most`. */
export const integer = (least: number, most: number) =>
  z
    .int({ error: "must be a whole number" })
    .check(z.gte(least, `must be ${least} or more`), z.lte(most, `must be ${most} at most`));

export const wholeNumber = z.lazy(() =>
  z.int({ error: "must be a whole number" }).check(z.gte(1, "must be 1 or more")),
);

/** False unless the request says true. */
export const trueOrFalse = z.lazy(() => z._default(z.boolean({ error: "must be true or false" }), false));

/** An array of at most `most` values; `ifEmpty` is the error of an empty one, which passes otherwise. */
// The length comes first: 100,000 values could have as many faults.
export const listOf = <Value extends z.ZodMiniType>(value: Value, most: number, ifEmpty?: string) =>
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

export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` });

/** The error of a body that is no object or has unknown fields. `what` names it. */
export const notAnObject = (what: string) => ({
  error: ({ code, keys }: { code?: string | undefined; keys?: string[] }) =>
    // A field that is passed over in silence would be a filter that does not filter.
    code === "unrecognized_keys" ? `unknown field ${keys?.join(", ")}` : `${what} must be a JSON object`,
});

/** The contract's words for an object without these fields. */
export const without = (...names: string[]) => ({ not: { anyOf: names.map((name) => ({ required: [name] })) } });

/** The contract's words for fields of which each pair excludes the other. */
export const apart = (...pairs: [string, string][]) => ({ not: { anyOf: pairs.map((required) => ({ required })) } });

/** Body of requests whose path says everything. */
export const EmptyBody = z.lazy(() => z.prefault(z.strictObject({}, notAnObject("the body")), {}));
