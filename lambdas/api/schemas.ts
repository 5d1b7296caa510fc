import * as z from "zod";
import { METADATA_MAX_LENGTH, METADATA_MAX_PAIRS } from "../core/limits.ts";

// A date that does not exist (2026-02-30) is refused by zod's own pattern.
const dateTime = z
  .string({ error: "must be a date and time as text" })
  .pipe(z.iso.datetime({ offset: true, error: "must be an existing date and time such as 2026-11-23T09:00:00.000Z" }))
  .transform((text) => Date.parse(text));

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
  .transform((value) => value as Record<string, string>);

/** The body of an enqueue. */
export const EnqueueBody = z.object(
  {
    function_name: z
      .string({ error: "must be the name of a function" })
      .min(1, "must not be empty")
      // The message of an unknown function repeats it.
      .max(256, "must have 256 characters at most"),
    function_arguments: z.array(z.unknown(), { error: "must be an array" }).default([]),
    schedule_for: dateTime.optional(),
    discard_after: dateTime.optional(),
    metadata: metadata.optional(),
  },
  { error: "the body must be a JSON object" },
);
