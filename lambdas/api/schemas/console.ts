import * as z from "zod/mini";
import { notAnObject } from "./fields.ts";

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
