import * as z from "zod/mini";
import { common, dispatching, json, type NamesIn, text } from "../env/variables.ts";

const Network = z.object({
  subnets: z.array(z.string()).check(z.minLength(1)),
  securityGroups: z.array(z.string()),
  hasPublicIp: z.boolean(),
});

/** Environment of the Lambda that launches tasks; `lib/fargate/fargate.ts` sets exactly these. */
export const Env = z.object({
  ...common,
  ...dispatching,
  EPOQUE_CLUSTER: text(),
  EPOQUE_TASK_FAMILY_PREFIX: text(),
  /** The queue of ECS's events. */
  EPOQUE_STOPPED_QUEUE_ARN: text(),
  /** The networks of tasks, and which of them each function is in: a JSON object. */
  EPOQUE_NETWORKS: json(
    z.object({
      networks: z.array(Network).check(z.minLength(1)),
      /** Index of a function's network; 0 for a function that is not named. */
      byFunction: z.record(z.string(), z.int()),
    }),
  ),
});

export type EnvName = NamesIn<z.input<typeof Env>>;
