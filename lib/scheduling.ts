import { Duration, Stack } from "aws-cdk-lib";
import { Grant, type IGrantable, type Role } from "aws-cdk-lib/aws-iam";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { CfnSchedule, ScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { EnvName } from "../lambdas/fire/env.ts";
import { functionQueueUrlPrefix, physicalName } from "./naming.ts";
import { NodeLambda } from "./node-lambda.ts";
import { QueueWithDeadLetters } from "./queue.ts";
import { schedulerRole } from "./scheduler-role.ts";
import type { Storage } from "./storage.ts";

export interface SchedulingProps {
  /** The folder of the fire Lambda's code. */
  code: string;
  storage: Storage;
  shards: number;
}

/** What a Lambda must be told to send executions on their way. */
export type DispatchEnvironment = Record<
  | "EPOQUE_QUEUE_URL_PREFIX"
  | "EPOQUE_FIRE_QUEUE_URL"
  | "EPOQUE_FIRE_QUEUE_ARN"
  | "EPOQUE_SCHEDULE_GROUP"
  | "EPOQUE_SCHEDULER_ROLE_ARN",
  string
>;

/** What is due later and cannot wait in its function's queue: in the fire queue, or further ahead with the timer. */
export class Scheduling extends Construct {
  readonly #fireQueue: Queue;
  readonly #schedules: ScheduleGroup;
  /** What EventBridge Scheduler becomes to send to the fire queue. */
  readonly #role: Role;

  constructor(scope: Construct, id: string, { code, storage, shards }: SchedulingProps) {
    super(scope, id);
    const timeout = Duration.seconds(30);
    this.#fireQueue = new QueueWithDeadLetters(this, "FireQueue", {
      part: "fire",
      fifo: false,
      readerTimeout: timeout,
    }).queue;
    this.#schedules = new ScheduleGroup(this, "Schedules", { scheduleGroupName: physicalName(this, "timer") });
    this.#role = schedulerRole(this, "SchedulerRole", "Lets EventBridge Scheduler send to the fire queue");
    const toFireQueue = { actions: ["sqs:SendMessage"], resourceArns: [this.#fireQueue.queueArn] };
    Grant.addToPrincipal({ grantee: this.#role, ...toFireQueue });
    const { lambda } = new NodeLambda<EnvName>(this, "Fire", {
      functionName: physicalName(this, "fire"),
      description: "Sends on what has become due",
      code,
      environment: {
        EPOQUE_EXECUTIONS_TABLE: storage.executions.tableName,
        EPOQUE_SIGNING_KEY_SECRET: storage.signingKey.secretArn,
        EPOQUE_QUEUE_URL_PREFIX: functionQueueUrlPrefix(this),
        EPOQUE_FIRE_QUEUE_URL: this.#fireQueue.queueUrl,
        EPOQUE_SHARDS: String(shards),
      },
      memorySize: 512,
      timeout,
      loops: true,
    });
    // A tick of a cron expression becomes an execution here.
    storage.grantExecutions(lambda, "GetItem", "PutItem");
    storage.signingKey.grantRead(lambda);
    this.#grantSend(lambda);
    lambda.addEventSource(new SqsEventSource(this.#fireQueue, { batchSize: 10, reportBatchItemFailures: true }));
  }

  get environment(): DispatchEnvironment {
    return {
      EPOQUE_QUEUE_URL_PREFIX: functionQueueUrlPrefix(this),
      EPOQUE_FIRE_QUEUE_URL: this.#fireQueue.queueUrl,
      EPOQUE_FIRE_QUEUE_ARN: this.#fireQueue.queueArn,
      EPOQUE_SCHEDULE_GROUP: this.#schedules.scheduleGroupName,
      EPOQUE_SCHEDULER_ROLE_ARN: this.#role.roleArn,
    };
  }

  /** Lets `grantee` send an execution on its way, to any function and at any distance. */
  grantDispatch(grantee: IGrantable): void {
    this.#grantSend(grantee);
    this.#grantSchedules(grantee, "CreateSchedule");
    Grant.addToPrincipal({
      grantee,
      actions: ["iam:PassRole"],
      resourceArns: [this.#role.roleArn],
      conditions: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    });
  }

  /** Lets `grantee` see how much waits in the functions' queues. */
  grantBacklog(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ["sqs:GetQueueAttributes"], resourceArns: [this.#queueArn("fn-*")] });
  }

  /** Lets `grantee` take back what is with the timer. */
  grantRecall(grantee: IGrantable): void {
    this.#grantSchedules(grantee, "DeleteSchedule");
  }

  /** Sends a tick of a function to the fire queue whenever `expression` says; within the minute, as Scheduler does. */
  addTicks(scope: Construct, id: string, functionName: string, expression: string): void {
    new CfnSchedule(scope, id, {
      groupName: this.#schedules.scheduleGroupName,
      scheduleExpression: expression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: this.#fireQueue.queueArn,
        roleArn: this.#role.roleArn,
        input: JSON.stringify({ functionName, tick: "<aws.scheduler.scheduled-time>" }),
      },
    });
  }

  #grantSend(grantee: IGrantable): void {
    const resourceArns = [this.#fireQueue.queueArn, this.#queueArn("fn-*")];
    Grant.addToPrincipal({ grantee, actions: ["sqs:SendMessage"], resourceArns });
  }

  #queueArn(part: string): string {
    return Stack.of(this).formatArn({ service: "sqs", resource: physicalName(this, part) });
  }

  #grantSchedules(grantee: IGrantable, action: string): void {
    const { scheduleGroupName: group } = this.#schedules;
    const arn = Stack.of(this).formatArn({ service: "scheduler", resource: "schedule", resourceName: `${group}/*` });
    Grant.addToPrincipal({ grantee, actions: [`scheduler:${action}`], resourceArns: [arn] });
  }
}
