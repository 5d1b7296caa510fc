import { Duration } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import { parseCron } from "../lambdas/core/cron.ts";
import { eventBridgeExpressions } from "../lambdas/core/eventbridge-cron.ts";
import { RUNNER_RESERVE_SECONDS } from "../lambdas/core/limits.ts";
import type { EnvName } from "../lambdas/run/env.ts";
import { type FunctionManifest, isFifo, turnsAway } from "./build/manifest.ts";
import { physicalName } from "./naming.ts";
import { NodeLambda } from "./node-lambda.ts";
import { QueueWithDeadLetters } from "./queue.ts";
import type { Scheduling } from "./scheduling.ts";
import type { Storage } from "./storage.ts";

export interface UserFunctionProps {
  manifest: FunctionManifest;
  /** The folder of the runner's code with the user's bundle in it. */
  code: string;
  storage: Storage;
  scheduling: Scheduling;
  endpoint: string;
  shards: number;
}

/** One function of the user: its queue, and the Lambda that runs it. */
export class UserFunction extends Construct {
  constructor(scope: Construct, id: string, props: UserFunctionProps) {
    super(scope, id);
    const { manifest, storage, scheduling } = props;
    const timeout = Duration.seconds(Math.ceil(manifest.maxDurationSeconds) + RUNNER_RESERVE_SECONDS);
    const { queue } = new QueueWithDeadLetters(this, "Messages", {
      part: `fn-${manifest.name}`,
      fifo: isFifo(manifest),
      readerTimeout: timeout,
    });

    const { lambda } = new NodeLambda<EnvName>(this, "Run", {
      functionName: physicalName(this, `fn-${manifest.name}`),
      description: `Runs ${manifest.name} of ${manifest.file}`,
      code: props.code,
      environment: {
        EPOQUE_EXECUTIONS_TABLE: storage.executions.tableName,
        EPOQUE_ATTEMPTS_TABLE: storage.attempts.tableName,
        EPOQUE_PAYLOAD_BUCKET: storage.payloads.bucketName,
        ...scheduling.environment,
        EPOQUE_ENDPOINT: props.endpoint,
        EPOQUE_SHARDS: String(props.shards),
      },
      memorySize: 1024,
      timeout,
      loops: true,
    });
    storage.grantExecutions(lambda, "GetItem", "PutItem");
    storage.grantAttempts(lambda, "GetItem", "PutItem");
    storage.grantPayloads(lambda);
    scheduling.grantDispatch(lambda);
    lambda.addEventSource(
      new SqsEventSource(queue, { batchSize: 1, reportBatchItemFailures: true, ...atMost(manifest) }),
    );
    for (const [index, expression] of ticksOf(manifest).entries()) {
      scheduling.addTicks(this, `Ticks${index}`, manifest.name, expression);
    }
  }
}

function ticksOf({ cron: expression }: FunctionManifest): string[] {
  if (expression === undefined) return [];
  const cron = parseCron(expression);
  // The build has refused what cannot be read.
  if ("problem" in cron) throw new Error(cron.problem);
  return eventBridgeExpressions(cron);
}

// Only where the function asks for it: an idle mapping polls, and costs, less without it.
function atMost(manifest: FunctionManifest): { maxConcurrency?: number } {
  const { concurrency } = manifest;
  return concurrency === undefined || concurrency < 2 || turnsAway(manifest) ? {} : { maxConcurrency: concurrency };
}
