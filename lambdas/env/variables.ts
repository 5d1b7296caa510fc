import * as z from "zod/mini";

// The environment variables of the Lambdas, each declared once. A Lambda's `env.ts` puts its groups together.

/** A text that is not empty. */
export const text = () => z.string().check(z.minLength(1));

const count = () => z.coerce.number().check(z.int(), z.gte(1));

/** A JSON text of what `schema` describes. */
export function json<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.pipe(
    z.pipe(
      z.string(),
      z.transform((value) => JSON.parse(value) as unknown),
    ),
    schema,
  );
}

/** Variables of every Lambda. */
export const common = {
  EPOQUE_EXECUTIONS_TABLE: text(),
  /** The table of ended attempts. */
  EPOQUE_ATTEMPTS_TABLE: text(),
  EPOQUE_PAYLOAD_BUCKET: text(),
  EPOQUE_NAMESPACE: text(),
  /** Bus to which state changes are published, if they are: `lib/events.ts`. */
  EPOQUE_EVENT_BUS: z.optional(text()),
  EPOQUE_RETENTION_DAYS: count(),
  EPOQUE_SHARDS: count(),
};

/** Variables for sending executions on their way. */
export const dispatching = {
  EPOQUE_QUEUE_URL_PREFIX: z.url(),
  EPOQUE_FIRE_QUEUE_URL: z.url(),
  EPOQUE_FIRE_QUEUE_ARN: text(),
  EPOQUE_SCHEDULE_GROUP: text(),
  EPOQUE_SCHEDULER_ROLE_ARN: text(),
};

/** Variables for sending ticks of schedules. */
export const ticking = {
  EPOQUE_TICK_QUEUE_URL: z.url(),
  EPOQUE_TICK_QUEUE_ARN: text(),
  EPOQUE_TICK_ROLE_ARN: text(),
};

/** The key that execution tokens are derived from. */
export const signingKey = { EPOQUE_SIGNING_KEY_SECRET: text() };

/** The queue of steps of bulk jobs. */
export const bulkQueue = { EPOQUE_BULK_QUEUE_URL: z.url() };

type Output<Fields extends z.core.$ZodShape> = z.output<z.ZodMiniObject<Fields>>;

/** Values of the variables that every Lambda has and dispatches with. */
export type CommonEnv = Output<typeof common> & Output<typeof dispatching>;

/** Values of the variables for ticks. */
export type TickingEnv = Output<typeof ticking> & Pick<CommonEnv, "EPOQUE_SCHEDULE_GROUP">;

/** Names of the variables in an environment that its construct always sets. */
export type NamesIn<Fields> = Exclude<Extract<keyof Fields, string>, "EPOQUE_EVENT_BUS">;
