import * as z from "zod/mini";
import { common, dispatching, type NamesIn } from "../env/variables.ts";

const Network = z.object({
  subnets: z.array(z.string()).check(z.minLength(1)),
  securityGroups: z.array(z.string()),
  hasPublicIp: z.boolean(),
});

/** Environment of the Lambda that launches tasks; `lib/fargate/fargate.ts` sets exactly these. */
export const Env = z.object({
  ...common,
  ...dispatching,
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

export type EnvName = NamesIn<z.input<typeof Env>>;
