import { Duration } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { EnvName } from "../lambdas/bulk/env.ts";
import type { bulkQueue } from "../lambdas/env/variables.ts";
import { commonEnvironment } from "./environment.ts";
import { grantSecret, grantSend, readQueue } from "./grants.ts";
import { physicalName } from "./naming.ts";
import { type LambdaSettings, NodeLambda } from "./node-lambda.ts";
import { messageQueue } from "./queue.ts";
import type { Scheduling } from "./scheduling.ts";
import type { Storage } from "./storage.ts";

export interface BulkProps {
  /** The folder of the bulk Lambda's code. */
  code: string;
  storage: Storage;
  settings: LambdaSettings;
  scheduling: Scheduling;
  shards: number;
}

/** Works through bulk jobs, a page at a time: each step is a message to itself. */
export class Bulk extends Construct {
  readonly lambda: Lambda;
  readonly #queue: Queue;

  constructor(scope: Construct, id: string, { code, storage, settings, scheduling, shards }: BulkProps) {
    super(scope, id);
    const timeout = Duration.minutes(1);
    this.#queue = messageQueue(this, "Queue", {
      part: "bulk",
      fifo: false,
      readerTimeout: timeout,
      deadLetters: scheduling.deadLetters,
    });
    const { lambda } = new NodeLambda<EnvName>(this, "Handler", {
      functionName: physicalName(this, "bulk"),
      description: "Works through bulk jobs, a page at a time",
      code,
      environment: {
        ...commonEnvironment(this, { storage, shards }),
        EPOQUE_SIGNING_KEY_SECRET: storage.signingKey.secretArn,
        ...scheduling.environment,
        ...this.environment,
      },
      memorySize: 512,
      timeout,
      loops: true,
      ...settings,
    });
    this.lambda = lambda;
    storage.grantExecutions(lambda, "GetItem", "PutItem", "BatchGetItem", "BatchWriteItem", "Query", "DeleteItem");
    storage.grantIndexes(lambda, "all", "function", "state", "executedBy", "metadata");
    // A retry that is postponed by weeks keeps the attempts before it.
    storage.grantAttempts(lambda, "GetItem", "PutItem");
    storage.grantArguments(lambda, ["GetObject", "PutObject", "PutObjectTagging"]);
    storage.grantFindMissing(lambda);
    grantSecret(lambda, storage.signingKey);
    scheduling.grantDispatch(lambda);
    scheduling.grantRecall(lambda);
    this.grantSteps(lambda);
    readQueue(lambda, this.#queue, { batchSize: 1 });
  }

  get environment(): Record<keyof typeof bulkQueue, string> {
    return { EPOQUE_BULK_QUEUE_URL: this.#queue.queueUrl };
  }

  /** Lets `grantee` ask for steps of jobs. */
  grantSteps(grantee: IGrantable): void {
    grantSend(grantee, this.#queue.queueArn);
  }
}
