import * as z from "zod/mini";
import { bulkActions } from "../../core/jobs/bulk-job.ts";
import { BULK_DEFAULT_PER_SECOND, BULK_MAX_FILTERS_LENGTH, BULK_MAX_PER_SECOND } from "../../core/limits.ts";
import { anyArray, dateTime, integer, notAnObject, oneOf, trueOrFalse, wholeNumber, without } from "./fields.ts";
import { Filters } from "./lists.ts";

/** The body of a bulk job. The filters must be said, since none match everything. */
export const BulkBody = z.lazy(() =>
  z
    .strictObject(
      {
        action: oneOf(bulkActions),
        filters: Filters,
        force: trueOrFalse,
        schedule_for: z.optional(dateTime),
        arguments: z.optional(anyArray),
        per_second: z._default(integer(1, BULK_MAX_PER_SECOND), BULK_DEFAULT_PER_SECOND),
        limit: z.optional(wholeNumber),
        dry_run: trueOrFalse,
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
