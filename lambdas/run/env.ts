import * as z from "zod/mini";
import { common, dispatching, json, type NamesIn, text } from "../env/variables.ts";

/** Variables of every runner; the function's stack sets them. */
const ofRunner = {
  ...common,
  ...dispatching,
  /** The user's variables for the function, and the names of its secrets. */
  EPOQUE_USER_ENVIRONMENT: json(z.record(z.string(), z.string())),
  EPOQUE_USER_SECRETS: json(z.record(z.string(), z.object({ id: z.string(), field: z.optional(z.string()) }))),
  EPOQUE_ENDPOINT: z.url(),
};

const RunnerEnv = z.object(ofRunner);
export type RunnerEnv = z.output<typeof RunnerEnv>;

/** Environment of a runner on Lambda, which sets the last two; `lib/runner.ts` puts the others together. */
export const Env = z.object({
  ...ofRunner,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().check(z.int(), z.gte(128)),
  AWS_LAMBDA_LOG_STREAM_NAME: z.optional(z.string()),
});

/**
 * Environment of a runner in a task; `lib/fargate/task-function.ts` sets it, except for the launch and what ECS adds.
 */
export const TaskEnv = z.object({
  ...ofRunner,
  EPOQUE_MEMORY: z.coerce.number().check(z.int(), z.gte(512)),
  /** The launch of this task, as `lambdas/aws/tasks.ts` writes it. */
  EPOQUE_LAUNCH: text(),
  ECS_CONTAINER_METADATA_URI_V4: z.url(),
});

/** Variables of every runner that a stack sets. */
export type EnvName = NamesIn<z.input<typeof RunnerEnv>>;

/** Variables of a task that a stack sets. */
export type TaskEnvName = EnvName | "EPOQUE_MEMORY";

/**
 * The environment of the user's process: what Lambda gives every function and what the user set for the deployment, but
 * nothing of the runner's own.
 */
export function userEnvironment(environment: NodeJS.ProcessEnv, user: Record<string, string>): NodeJS.ProcessEnv {
  const isForUser = ([name]: [string, unknown]) =>
    !name.startsWith("EPOQUE_") && name !== "AWS_LAMBDA_RUNTIME_API" && name !== "_HANDLER";
  const own = Object.fromEntries(Object.entries(environment).filter(isForUser));
  // Most servers run so, and `builder/load-environment.ts` says the same.
  return { NODE_ENV: "production", ...own, ...user, TZ: "UTC" };
}
