import * as z from "zod/mini";
import { resolutions } from "../../core/failures/group.ts";
import { listOf, notAnObject, oneOf, uuid } from "./fields.ts";
import { Page } from "./lists.ts";

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
