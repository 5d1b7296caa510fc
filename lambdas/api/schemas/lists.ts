import * as z from "zod/mini";
import { errorCodes, states } from "../../core/execution.ts";
import { METADATA_MAX_PAIRS } from "../../core/limits.ts";
import { dateTime, listOf, notAnObject, oneOf, printable, ScheduleName, uuid, wholeNumber, without } from "./fields.ts";

/** The body of a list. */
export const ListBody = z.lazy(() =>
  z.strictObject({ page: z.optional(Page), filters: z.optional(Filters) }, notAnObject("the body")),
);

/** The filters of a list. */
export const Filters = z.lazy(() =>
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

const interval = z.lazy(() =>
  z.strictObject({ from: z.optional(dateTime), to: z.optional(dateTime) }, notAnObject("it")),
);

/** The kind of a failure. */
const Fingerprint = z.lazy(() =>
  z
    .string({ error: "must be the fingerprint of a failure" })
    .check(z.regex(/^[0-9a-f]{32}$/, "must be the fingerprint of a failure: 32 hexadecimal digits")),
);

/** A page of a list. */
export const Page = z.lazy(() =>
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

const cursor = z.lazy(() => z.string({ error: "must be a cursor of an earlier page" }));
