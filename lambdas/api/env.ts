import * as z from "zod/mini";
import { executionTokens } from "./authenticate.ts";

/** Environment of the API's Lambda; `lib/api.ts` sets exactly these. */
export const Env = z.object({
  EPOQUE_EXECUTIONS_TABLE: z.string().check(z.minLength(1)),
  EPOQUE_ATTEMPTS_TABLE: z.string().check(z.minLength(1)),
  EPOQUE_PAYLOAD_BUCKET: z.string().check(z.minLength(1)),
  EPOQUE_API_TOKEN_SECRET: z.string().check(z.minLength(1)),
  EPOQUE_SIGNING_KEY_SECRET: z.string().check(z.minLength(1)),
  EPOQUE_QUEUE_URL_PREFIX: z.url(),
  EPOQUE_FIRE_QUEUE_URL: z.url(),
  EPOQUE_FIRE_QUEUE_ARN: z.string().check(z.minLength(1)),
  EPOQUE_SCHEDULE_GROUP: z.string().check(z.minLength(1)),
  EPOQUE_SCHEDULER_ROLE_ARN: z.string().check(z.minLength(1)),
  EPOQUE_TICK_QUEUE_URL: z.url(),
  EPOQUE_TICK_QUEUE_ARN: z.string().check(z.minLength(1)),
  EPOQUE_TICK_ROLE_ARN: z.string().check(z.minLength(1)),
  EPOQUE_BULK_QUEUE_URL: z.url(),
  /** The log group of a function's Lambda is this and the function's name. */
  EPOQUE_LOG_GROUP_PREFIX: z.string().check(z.minLength(1)),
  EPOQUE_NAMESPACE: z.string().check(z.minLength(1)),
  /** Where state changes are published, if they are: `lib/events.ts`. */
  EPOQUE_EVENT_BUS: z.optional(z.string().check(z.minLength(1))),
  EPOQUE_RETENTION_DAYS: z.coerce.number().check(z.int(), z.gte(1)),
  EPOQUE_EXECUTION_TOKENS: z.enum(executionTokens),
  EPOQUE_SHARDS: z.coerce.number().check(z.int(), z.gte(1)),
});

export type EnvName = Exclude<keyof z.input<typeof Env>, "EPOQUE_EVENT_BUS">;
