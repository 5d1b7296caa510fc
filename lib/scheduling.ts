import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { IGrantable, Role } from "aws-cdk-lib/aws-iam";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { CfnSchedule, type CfnScheduleGroup, ScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct, type IConstruct } from "constructs";
import type { dispatching, ticking } from "../lambdas/env/variables.ts";
import type { EnvName } from "../lambdas/fire/env.ts";
import { acknowledgeWildcard } from "./acknowledge.ts";
import { commonEnvironment } from "./environment.ts";
import { grant, grantPassRole, grantSecret, grantSend, readQueue } from "./grants.ts";
import { functionQueueUrlPrefix, physicalName } from "./naming.ts";
import { type LambdaSettings, NodeLambda } from "./node-lambda.ts";
import { DeadLetters, messageQueue } from "./queue.ts";
import { schedulerRole } from "./scheduler-role.ts";
import type { Storage } from "./storage.ts";

export interface SchedulingProps {
  /** The folder of the fire Lambda's code. */
  code: string;
  storage: Storage;
  settings: LambdaSettings;
  shards: number;
}

type Grantee = IGrantable & IConstruct;

/**
 * Holds executions that are due later and cannot wait in their function's queue: in the fire queue, or with the timer.
 */
export class Scheduling extends Construct {
  readonly deadLetters: DeadLetters;
  readonly fireQueue: Queue;
  /** Ticks of cron expressions and schedules: no function can write to it, so that none makes another one run. */
  readonly tickQueue: Queue;
  /** Sends on what has become due. */
  readonly fire: Lambda;
  readonly #schedules: CfnScheduleGroup;
  /** Role that EventBridge Scheduler assumes to send to the fire queue. */
  readonly #role: Role;
  /** The same for the queue of ticks. Functions may not pass it on. */
  readonly #tickRole: Role;

  constructor(scope: Construct, id: string, { code, storage, settings, shards }: SchedulingProps) {
    super(scope, id);
    const timeout = Duration.seconds(30);
    this.deadLetters = new DeadLetters(this, "DeadLetters");
    this.fireQueue = messageQueue(this, "FireQueue", {
      part: "fire",
      fifo: false,
      readerTimeout: timeout,
      deadLetters: this.deadLetters,
    });
    this.tickQueue = messageQueue(this, "TickQueue", {
      part: "ticks",
      fifo: false,
      readerTimeout: timeout,
      deadLetters: this.deadLetters,
    });
    this.#schedules = scheduleGroup(this);
    this.#role = schedulerRole(this, "SchedulerRole", "Lets EventBridge Scheduler send to the fire queue");
    grantSend(this.#role, this.fireQueue.queueArn);
    this.#tickRole = schedulerRole(this, "TickRole", "Lets EventBridge Scheduler send to the queue of ticks");
    grantSend(this.#tickRole, this.tickQueue.queueArn);
    const { lambda } = new NodeLambda<EnvName>(this, "Fire", {
      functionName: physicalName(this, "fire"),
      description: "Sends on what has become due",
      code,
      environment: {
        ...commonEnvironment(this, { storage, shards }),
        EPOQUE_SIGNING_KEY_SECRET: storage.signingKey.secretArn,
        ...this.environment,
        ...this.tickEnvironment,
      },
      memorySize: 512,
      timeout,
      loops: true,
      ...settings,
    });
    this.fire = lambda;
    // A tick becomes an execution here, with arguments of its own.
    storage.grantExecutions(lambda, "GetItem", "PutItem", "BatchWriteItem");
    storage.grantArguments(lambda, ["GetObject", "PutObject", "PutObjectTagging"]);
    // A follow-up is told of the error, or that it is gone. A tick may cancel a retry, whose attempts are kept longer
    // then.
    storage.grantAttempts(lambda, "GetItem", "PutItem");
    storage.grantResults(lambda, ["GetObject"]);
    storage.grantFindMissing(lambda);
    grantSecret(lambda, storage.signingKey);
    this.grantDispatch(lambda);
    this.grantTicks(lambda);
    this.grantTickTimer(lambda);
    readQueue(lambda, this.fireQueue, { batchSize: 10 });
    readQueue(lambda, this.tickQueue, { batchSize: 10 });
  }

  get environment(): Record<keyof typeof dispatching, string> {
    return {
      EPOQUE_QUEUE_URL_PREFIX: functionQueueUrlPrefix(this),
      EPOQUE_FIRE_QUEUE_URL: this.fireQueue.queueUrl,
      EPOQUE_FIRE_QUEUE_ARN: this.fireQueue.queueArn,
      EPOQUE_SCHEDULE_GROUP: this.#schedules.ref,
      EPOQUE_SCHEDULER_ROLE_ARN: this.#role.roleArn,
    };
  }

  get tickEnvironment(): Record<keyof typeof ticking, string> {
    return {
      EPOQUE_TICK_QUEUE_URL: this.tickQueue.queueUrl,
      EPOQUE_TICK_QUEUE_ARN: this.tickQueue.queueArn,
      EPOQUE_TICK_ROLE_ARN: this.#tickRole.roleArn,
    };
  }

  /** Lets `grantee` send an execution on its way, to any function and at any distance. */
  grantDispatch(grantee: Grantee): void {
    grantSend(grantee, this.fireQueue.queueArn, this.#functionQueues(grantee));
    this.grantTimer(grantee);
  }

  /**
   * Lets `grantee` send what was sent to `queue` there once more: through the fire queue where it takes no delay. With
   * follow-ups, lets it announce ends there as well.
   */
  grantSendBack(grantee: Grantee, queue: Queue, { hasFollowUps }: { hasFollowUps: boolean }): void {
    const queues = queue.fifo || hasFollowUps ? [queue, this.fireQueue] : [queue];
    grantSend(grantee, ...queues.map(({ queueArn }) => queueArn));
  }

  /** Lets `grantee` leave with the timer what is due further ahead than queues reach. */
  grantTimer(grantee: Grantee): void {
    this.#grantSchedules(grantee, "CreateSchedule");
    grantPassRole(grantee, this.#role.roleArn, "scheduler");
  }

  /** Lets `grantee` send ticks that queues reach. */
  grantTicks(grantee: Grantee): void {
    grantSend(grantee, this.tickQueue.queueArn);
  }

  /** Lets `grantee`, which may use the timer for executions, leave ticks with it as well. */
  grantTickTimer(grantee: Grantee): void {
    grantPassRole(grantee, this.#tickRole.roleArn, "scheduler");
  }

  /** Lets `grantee` see how much waits in the functions' queues. */
  grantBacklog(grantee: Grantee): void {
    grant(grantee, "sqs", ["GetQueueAttributes"], [this.#functionQueues(grantee)]);
  }

  /** Lets `grantee` take back what is with the timer. */
  grantRecall(grantee: Grantee): void {
    this.#grantSchedules(grantee, "DeleteSchedule");
  }

  /**
   * Sends a tick of a function to the queue of ticks whenever `expression` says; within the minute, as Scheduler does.
   */
  addTicks(scope: Construct, id: string, functionName: string, expression: string): void {
    // A schedule cannot move to another group (aws/aws-cdk#34216): in another group it is another resource.
    new CfnSchedule(scope, `${id}-${this.#schedules.name}`, {
      groupName: this.#schedules.ref,
      scheduleExpression: expression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: this.tickQueue.queueArn,
        roleArn: this.#tickRole.roleArn,
        input: JSON.stringify({ functionName, tick: "<aws.scheduler.scheduled-time>" }),
      },
    });
  }

  #functionQueues(grantee: Grantee): string {
    const arn = Stack.of(this).formatArn({ service: "sqs", resource: physicalName(this, "fn-*") });
    acknowledgeWildcard(grantee, arn, "The queues of all functions, whichever there are: new ones come.");
    return arn;
  }

  #grantSchedules(grantee: Grantee, action: string): void {
    const arn = Stack.of(this).formatArn({
      service: "scheduler",
      resource: "schedule",
      resourceName: `${this.#schedules.ref}/*`,
    });
    grant(grantee, "scheduler", [action], [arn]);
    acknowledgeWildcard(grantee, arn, "The schedules of our own group, one for each execution that is far ahead.");
  }
}

/** The group of all schedules. It goes with the stack: the next deployment needs its name. */
function scheduleGroup(scope: Construct): CfnScheduleGroup {
  const group = new ScheduleGroup(scope, "Schedules", { scheduleGroupName: physicalName(scope, "timer") });
  group.applyRemovalPolicy(RemovalPolicy.DESTROY);
  // Not `scheduleGroupName`, which is the literal name: who refers to it must wait for it.
  return group.node.defaultChild as CfnScheduleGroup;
}
