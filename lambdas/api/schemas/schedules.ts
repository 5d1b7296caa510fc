import * as z from "zod/mini";
import { cronProblem } from "../../core/schedules/cron-ticks.ts";
import { overlaps } from "../../core/schedules/schedule.ts";
import { catchUps } from "../../core/schedules/ticks.ts";
import { isZone } from "../../core/schedules/zone.ts";
import {
  anyArray,
  dateTime,
  functionName,
  integer,
  listOf,
  metadata,
  notAnObject,
  oneOf,
  ScheduleName,
  uuid,
  without,
} from "./fields.ts";
import { Page } from "./lists.ts";

/** The body of a schedule. */
export const PutScheduleBody = z.lazy(() =>
  z
    .strictObject(
      {
        function_name: functionName,
        function_arguments: z._default(anyArray, []),
        metadata: z.optional(metadata),
        cron: z.optional(cronExpression),
        timezone: z.optional(timeZone),
        every_seconds: z.optional(integer(1, MAX_EVERY_SECONDS)),
        anchor: z.optional(dateTime),
        starts_at: z.optional(dateTime),
        ends_at: z.optional(dateTime),
        jitter_seconds: z._default(integer(0, MAX_JITTER_SECONDS), 0),
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

/** The longest period of a schedule: a year. Longer ones are said by cron. */
const MAX_EVERY_SECONDS = 366 * 86_400;

const MAX_JITTER_SECONDS = 3_600;

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

/** How many ticks to tell. */
export const TickCount = z.lazy(() => z._default(integer(1, 1_000), 10));
