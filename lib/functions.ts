import { Duration } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import { RUNNER_RESERVE_SECONDS } from "../lambdas/core/limits.ts";
import type { EnvName } from "../lambdas/run/env.ts";
import { type FunctionManifest, isFifo } from "./build/manifest.ts";
import { functionQueueUrlPrefix, physicalName } from "./naming.ts";
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
        EPOQUE_QUEUE_URL_PREFIX: functionQueueUrlPrefix(this),
        EPOQUE_FIRE_QUEUE_URL: scheduling.fireQueue.queueUrl,
        EPOQUE_ENDPOINT: props.endpoint,
        EPOQUE_SHARDS: String(props.shards),
      },
      memorySize: 1024,
      timeout,
      loops: true,
    });
    storage.grantExecutions(lambda, "GetItem", "PutItem");
    storage.grantAttempts(lambda, "PutItem");
    storage.grantPayloads(lambda);
    scheduling.grantDispatch(lambda);
    lambda.addEventSource(
      new SqsEventSource(queue, { batchSize: 1, reportBatchItemFailures: true, ...atMost(manifest) }),
    );
  }
}

// Only where the function asks for it: an idle mapping polls, and costs, less without it.
function atMost({ concurrency }: FunctionManifest): { maxConcurrency?: number } {
  return concurrency !== undefined && concurrency >= 2 ? { maxConcurrency: concurrency } : {};
}
