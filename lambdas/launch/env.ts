import * as z from "zod/mini";

const Network = z.object({
  subnets: z.array(z.string()).check(z.minLength(1)),
  securityGroups: z.array(z.string()),
  hasPublicIp: z.boolean(),
});

/** Environment of the Lambda that launches tasks; `lib/fargate/fargate.ts` sets exactly these. */
export const Env = z.object({
  EPOQUE_EXECUTIONS_TABLE: z.string().check(z.minLength(1)),
  EPOQUE_ATTEMPTS_TABLE: z.string().check(z.minLength(1)),
  EPOQUE_PAYLOAD_BUCKET: z.string().check(z.minLength(1)),
  EPOQUE_QUEUE_URL_PREFIX: z.url(),
  EPOQUE_FIRE_QUEUE_URL: z.url(),
  EPOQUE_FIRE_QUEUE_ARN: z.string().check(z.minLength(1)),
  EPOQUE_SCHEDULE_GROUP: z.string().check(z.minLength(1)),
  EPOQUE_SCHEDULER_ROLE_ARN: z.string().check(z.minLength(1)),
  EPOQUE_NAMESPACE: z.string().check(z.minLength(1)),
  /** Where state changes are published, if they are: `lib/events.ts`. */
  EPOQUE_EVENT_BUS: z.optional(z.string().check(z.minLength(1))),
  EPOQUE_RETENTION_DAYS: z.coerce.number().check(z.int(), z.gte(1)),
  EPOQUE_SHARDS: z.coerce.number().check(z.int(), z.gte(1)),
  EPOQUE_CLUSTER: z.string().check(z.minLength(1)),
  EPOQUE_TASK_FAMILY_PREFIX: z.string().check(z.minLength(1)),
  /** The queue of ECS's events. */
  EPOQUE_STOPPED_QUEUE_ARN: z.string().check(z.minLength(1)),
  /** The networks of tasks, and which of them each function is in: a JSON object. */
  EPOQUE_NETWORKS: z.pipe(
    z.pipe(
      z.string(),
      z.transform((text) => JSON.parse(text) as unknown),
    ),
    z.object({
      networks: z.array(Network).check(z.minLength(1)),
      /** Index of a function's network; 0 for a function that is not named. */
      byFunction: z.record(z.string(), z.int()),
    }),
  ),
});

export type EnvName = Exclude<keyof z.input<typeof Env>, "EPOQUE_EVENT_BUS">;
