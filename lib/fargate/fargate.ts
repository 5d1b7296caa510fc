import { Duration, Lazy, RemovalPolicy, Stack } from "aws-cdk-lib";
import { CfnCluster } from "aws-cdk-lib/aws-ecs";
import { Rule } from "aws-cdk-lib/aws-events";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { EnvName } from "../../lambdas/launch/env.ts";
import { acknowledge, acknowledgeCheckov, acknowledgeWildcard } from "../acknowledge.ts";
import { commonEnvironment } from "../environment.ts";
import { grant, grantPassRole, readQueue } from "../grants.ts";
import { InlineRole } from "../inline-role.ts";
import { physicalName, taskLogGroupName } from "../naming.ts";
import { NodeLambda } from "../node-lambda.ts";
import { messageQueue } from "../queue.ts";
import type { UserFunctionProps } from "../runner.ts";
import { TaskNetworks } from "./task-networks.ts";

export interface FargateProps extends Pick<UserFunctionProps, "storage" | "scheduling" | "shards" | "tracing"> {
  /** The folder of the launch Lambda's code. */
  code: string;
}

/** Resources that all functions on Fargate share: the cluster, and the Lambda that launches their tasks. */
export class Fargate extends Construct {
  /** Launches tasks, and clears up behind those that have stopped. */
  readonly launch: Lambda;
  readonly networks: TaskNetworks;
  readonly logs: LogGroup;
  /** Role in which ECS starts tasks and writes their logs. User code never has it. */
  readonly executionRole: InlineRole;
  /** Path of the roles of tasks: the launch Lambda may pass on those and no others. */
  readonly rolePath: string;

  constructor(scope: Construct, id: string, props: FargateProps) {
    super(scope, id);
    const { storage, scheduling } = props;
    this.networks = new TaskNetworks(this, "Networks");
    this.rolePath = `/${physicalName(this, "tasks")}/`;
    this.logs = new LogGroup(this, "Logs", {
      logGroupName: taskLogGroupName(this),
      retention: RetentionDays.ONE_MONTH,
      // It has a name: a deployment that needs it again later must not find it there.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledgeCheckov(this.logs, { CKV_AWS_158: "CloudWatch encrypts it, as it does the logs of the Lambdas." });
    this.executionRole = new InlineRole(this, "ExecutionRole", {
      description: "Lets ECS write the logs of tasks",
      assumedBy: tasksPrincipal(this),
    });
    const cluster = new CfnCluster(this, "Cluster", {
      clusterName: physicalName(this, "tasks"),
      clusterSettings: [{ name: "containerInsights", value: "disabled" }],
    });
    acknowledge(
      cluster,
      "ECS4",
      "Container Insights cost more than they tell: what runs is in the records and the log.",
    );
    acknowledgeCheckov(cluster, { CKV_AWS_65: "Container Insights cost more than they tell." });
    const timeout = Duration.minutes(1);
    const stopped = messageQueue(this, "StoppedQueue", {
      part: "stopped",
      fifo: false,
      readerTimeout: timeout,
      deadLetters: scheduling.deadLetters,
    });
    const { lambda } = new NodeLambda<EnvName>(this, "Launch", {
      functionName: physicalName(this, "launch"),
      description: "Launches tasks on Fargate",
      code: props.code,
      environment: {
        ...commonEnvironment(this, { storage, shards: props.shards }),
        ...scheduling.environment,
        EPOQUE_CLUSTER: cluster.ref,
        EPOQUE_TASK_FAMILY_PREFIX: physicalName(this, "fn-"),
        EPOQUE_STOPPED_QUEUE_ARN: stopped.queueArn,
        EPOQUE_NETWORKS: Lazy.string({ produce: () => this.networks.toJson() }),
      },
      memorySize: 512,
      timeout,
      tracing: props.tracing,
      loops: true,
    });
    this.launch = lambda;
    storage.grantExecutions(lambda, "GetItem", "PutItem", "Query", "UpdateItem", "DeleteItem");
    storage.grantAttempts(lambda, "GetItem", "PutItem");
    storage.grantArguments(lambda, ["GetObject", "PutObject", "PutObjectTagging"]);
    scheduling.grantDispatch(lambda);
    this.#grantTasks(lambda, cluster);
    readQueue(lambda, stopped, { batchSize: 10 });
    const rule = new Rule(this, "Stopped", {
      description: "Tasks that have stopped",
      eventPattern: {
        source: ["aws.ecs"],
        detailType: ["ECS Task State Change"],
        detail: { clusterArn: [cluster.attrArn], lastStatus: ["STOPPED"] },
      },
      targets: [{ bind: () => ({ arn: stopped.queueArn }) }],
    });
    // Not the CDK's target, which would let EventBridge look the queue up as well.
    stopped.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("events.amazonaws.com")],
        actions: ["sqs:SendMessage"],
        resources: [stopped.queueArn],
        conditions: { ArnEquals: { "aws:SourceArn": rule.ruleArn } },
      }),
    );
  }

  /** Lets the launch Lambda take the messages of a function's queue. */
  launchFrom(queue: Queue): void {
    readQueue(this.launch, queue, { batchSize: 10 });
  }

  #grantTasks(lambda: Lambda, { ref, attrArn }: CfnCluster): void {
    const stack = Stack.of(this);
    const arn = (service: string, resource: string, resourceName: string) =>
      stack.formatArn({ service, resource, resourceName, ...(service === "iam" && { region: "" }) });
    const inCluster = { ArnEquals: { "ecs:cluster": attrArn } };
    const families = arn("ecs", "task-definition", `${physicalName(this, "fn-*")}:*`);
    grant(lambda, "ecs", ["RunTask"], [families], inCluster);
    acknowledgeWildcard(lambda, families, "The task definitions of all functions, whichever there are.");
    const tasks = arn("ecs", "task", `${ref}/*`);
    grant(lambda, "ecs", ["DescribeTasks"], [tasks], inCluster);
    acknowledgeWildcard(lambda, tasks, "The tasks of our own cluster.");
    const roles = arn("iam", "role", `${this.rolePath.slice(1)}*`);
    grantPassRole(lambda, roles, "ecs-tasks");
    acknowledgeWildcard(lambda, roles, "The roles of tasks, which have a path of their own.");
    grantPassRole(lambda, this.executionRole.roleArn, "ecs-tasks");
  }
}

/** Lets tasks of this account have a role, and nobody else. */
export function tasksPrincipal(scope: Construct): ServicePrincipal {
  return new ServicePrincipal("ecs-tasks.amazonaws.com", {
    conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
  });
}
