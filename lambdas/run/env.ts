import * as z from "zod";

/** What a function's runner is told by its stack and by Lambda; `lib/functions.ts` sets the first ones. */
export const Env = z.object({
  EPOQUE_EXECUTIONS_TABLE: z.string().min(1),
  EPOQUE_ATTEMPTS_TABLE: z.string().min(1),
  EPOQUE_PAYLOAD_BUCKET: z.string().min(1),
  EPOQUE_QUEUE_URL_PREFIX: z.url(),
  EPOQUE_FIRE_QUEUE_URL: z.url(),
  EPOQUE_FIRE_QUEUE_ARN: z.string().min(1),
  EPOQUE_SCHEDULE_GROUP: z.string().min(1),
  EPOQUE_SCHEDULER_ROLE_ARN: z.string().min(1),
  EPOQUE_ENDPOINT: z.url(),
  EPOQUE_SHARDS: z.coerce.number().int().min(1),
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().min(128),
});

export type EnvName = Exclude<keyof z.input<typeof Env>, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE">;

/**
 * The environment of the user's process: what the user set for the deployment and what Lambda gives every function, but
 * nothing of the runner's own.
 */
export function userEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isForUser = ([name]: [string, unknown]) =>
    !name.startsWith("EPOQUE_") && name !== "AWS_LAMBDA_RUNTIME_API" && name !== "_HANDLER" && name !== "NODE_OPTIONS";
  return { ...Object.fromEntries(Object.entries(environment).filter(isForUser)), TZ: "UTC" };
}
