import * as z from "zod/mini";

/** Environment of the sweep's Lambda; `lib/sweep.ts` sets exactly these. */
export const Env = z.object({
  EPOQUE_EXECUTIONS_TABLE: z.string().check(z.minLength(1)),
  EPOQUE_ATTEMPTS_TABLE: z.string().check(z.minLength(1)),
  EPOQUE_PAYLOAD_BUCKET: z.string().check(z.minLength(1)),
  EPOQUE_QUEUE_URL_PREFIX: z.url(),
  EPOQUE_FIRE_QUEUE_URL: z.url(),
  EPOQUE_FIRE_QUEUE_ARN: z.string().check(z.minLength(1)),
  EPOQUE_SCHEDULE_GROUP: z.string().check(z.minLength(1)),
  EPOQUE_SCHEDULER_ROLE_ARN: z.string().check(z.minLength(1)),
  EPOQUE_TICK_QUEUE_URL: z.url(),
  EPOQUE_TICK_QUEUE_ARN: z.string().check(z.minLength(1)),
  EPOQUE_TICK_ROLE_ARN: z.string().check(z.minLength(1)),
  EPOQUE_BULK_QUEUE_URL: z.url(),
  EPOQUE_DEAD_LETTERS_URL: z.url(),
  EPOQUE_FIFO_DEAD_LETTERS_URL: z.url(),
  EPOQUE_NAMESPACE: z.string().check(z.minLength(1)),
  /** Where state changes are published, if they are: `lib/events.ts`. */
  EPOQUE_EVENT_BUS: z.optional(z.string().check(z.minLength(1))),
  EPOQUE_RETENTION_DAYS: z.coerce.number().check(z.int(), z.gte(1)),
  EPOQUE_SHARDS: z.coerce.number().check(z.int(), z.gte(1)),
});

export type EnvName = Exclude<keyof z.input<typeof Env>, "EPOQUE_EVENT_BUS">;
