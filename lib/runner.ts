import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct, IConstruct } from "constructs";
import type { FunctionManifest } from "../builder/manifest.ts";
import type { EnvName } from "../lambdas/run/env.ts";
import { commonEnvironment } from "./environment.ts";
import type { FunctionOptions } from "./options.ts";
import type { Scheduling } from "./scheduling.ts";
import type { Storage } from "./storage.ts";
import type { UserVariables } from "./user-variables.ts";

/** Ingredients of a deployed function of the user, wherever it runs. */
export interface UserFunctionProps {
  manifest: FunctionManifest;
  /** The folder of the runner's code with the user's bundle in it. */
  code: string;
  storage: Storage;
  scheduling: Scheduling;
  endpoint: string;
  shards: number;
  /** The user's settings for it. */
  options: FunctionOptions;
  tracing: boolean;
}

/** Returns the variables of the runner of a function. */
export function runnerEnvironment(
  scope: Construct,
  { storage, scheduling, endpoint, shards }: Pick<UserFunctionProps, "storage" | "scheduling" | "endpoint" | "shards">,
  variables: UserVariables,
): Record<EnvName, string> {
  return {
    ...commonEnvironment(scope, { storage, shards }),
    ...scheduling.environment,
    ...variables.environment,
    EPOQUE_ENDPOINT: endpoint,
  };
}

/** Lets the runner of a function do its work, and nothing with other functions' executions. */
export function grantRunner(
  grantee: IGrantable & IConstruct,
  { manifest, storage, scheduling }: Pick<UserFunctionProps, "manifest" | "storage" | "scheduling">,
  queue: Queue,
): void {
  // The rate of a function on Fargate is counted by the Lambda that launches its tasks.
  const hasRates = manifest.config.rateLimit !== undefined && manifest.compute === "lambda";
  storage.grantOwnItems(grantee, manifest.id, { hasRates });
  storage.grantArguments(grantee, ["GetObject", "PutObject", "PutObjectTagging"], manifest.name);
  // Those of earlier attempts are copied when the execution is retried for weeks: also one that an earlier deployment,
  // with another `retry`, made wait.
  storage.grantResults(grantee, ["GetObject", "PutObject"], manifest.name);
  const { onFailure, onSuccess } = manifest.config;
  scheduling.grantSendBack(grantee, queue, { hasFollowUps: (onFailure ?? onSuccess) !== undefined });
  // An error of the function may ask for a retry in a year, and a rate limit for a start further ahead than queues
  // reach.
  if (manifest.retry.maxAttempts > 0 || manifest.config.rateLimit) scheduling.grantTimer(grantee);
}
