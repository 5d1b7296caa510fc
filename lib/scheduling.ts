import { Duration, Stack } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { EnvName } from "../lambdas/fire/env.ts";
import { functionQueueUrlPrefix, physicalName } from "./naming.ts";
import { NodeLambda } from "./node-lambda.ts";
import { QueueWithDeadLetters } from "./queue.ts";

export interface SchedulingProps {
  /** The folder of the fire Lambda's code. */
  code: string;
}

/** What is due later and cannot wait in its function's queue waits in the fire queue. */
export class Scheduling extends Construct {
  readonly fireQueue: Queue;

  constructor(scope: Construct, id: string, { code }: SchedulingProps) {
    super(scope, id);
    const timeout = Duration.seconds(30);
    this.fireQueue = new QueueWithDeadLetters(this, "FireQueue", {
      part: "fire",
      fifo: false,
      readerTimeout: timeout,
    }).queue;
    const { lambda } = new NodeLambda<EnvName>(this, "Fire", {
      functionName: physicalName(this, "fire"),
      description: "Sends on what has become due",
      code,
      environment: {
        EPOQUE_QUEUE_URL_PREFIX: functionQueueUrlPrefix(this),
        EPOQUE_FIRE_QUEUE_URL: this.fireQueue.queueUrl,
      },
      memorySize: 512,
      timeout,
      loops: true,
    });
    this.grantDispatch(lambda);
    lambda.addEventSource(new SqsEventSource(this.fireQueue, { batchSize: 10, reportBatchItemFailures: true }));
  }

  /** Lets `grantee` send an execution on its way, to any function. */
  grantDispatch(grantee: IGrantable): void {
    this.fireQueue.grantSendMessages(grantee);
    Grant.addToPrincipal({
      grantee,
      actions: ["sqs:SendMessage"],
      resourceArns: [Stack.of(this).formatArn({ service: "sqs", resource: physicalName(this, "fn-*") })],
    });
  }
}
