import { Duration } from "aws-cdk-lib";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { EnvName } from "../lambdas/sweep/env.ts";
import type { Bulk } from "./bulk.ts";
import { commonEnvironment } from "./environment.ts";
import { grant } from "./grants.ts";
import { physicalName } from "./naming.ts";
import { type LambdaSettings, NodeLambda } from "./node-lambda.ts";
import { schedulerRole } from "./scheduler-role.ts";
import type { Scheduling } from "./scheduling.ts";
import type { Storage } from "./storage.ts";

export interface SweepProps {
  /** The folder of the sweep Lambda's code. */
  code: string;
  storage: Storage;
  settings: LambdaSettings;
  scheduling: Scheduling;
  bulk: Bulk;
  shards: number;
}

/** Every minute: finds what was lost and puts it back. */
export class Sweep extends Construct {
  readonly lambda: Lambda;

  constructor(scope: Construct, id: string, { code, storage, settings, scheduling, bulk, shards }: SweepProps) {
    super(scope, id);
    const { lambda } = new NodeLambda<EnvName>(this, "Handler", {
      functionName: physicalName(this, "sweep"),
      description: "Finds executions that were lost and puts them back",
      code,
      environment: {
        ...commonEnvironment(this, { storage, shards }),
        ...scheduling.environment,
        ...scheduling.tickEnvironment,
        ...bulk.environment,
        EPOQUE_DEAD_LETTERS_URL: scheduling.deadLetters.of({ fifo: false }).queueUrl,
        EPOQUE_FIFO_DEAD_LETTERS_URL: scheduling.deadLetters.of({ fifo: true }).queueUrl,
      },
      memorySize: 512,
      timeout: Duration.minutes(1),
      ...settings,
    });
    this.lambda = lambda;
    // Scheduler invokes it asynchronously: Lambda would try twice more, and keep for six hours what it cannot run now.
    lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    storage.grantExecutions(lambda, "GetItem", "PutItem", "UpdateItem", "BatchGetItem", "Query", "DeleteItem");
    storage.grantIndexes(lambda, "wake", "state");
    storage.grantArguments(lambda, ["GetObject", "PutObject", "PutObjectTagging"]);
    storage.grantAttempts(lambda, "GetItem", "PutItem");
    scheduling.grantDispatch(lambda);
    scheduling.grantTicks(lambda);
    scheduling.grantBacklog(lambda);
    scheduling.deadLetters.grantRead(lambda);
    bulk.grantSteps(lambda);

    const role = schedulerRole(this, "Role", "Lets EventBridge Scheduler start the sweep");
    // Not grantInvoke: that allows versions as well, and there are none.
    grant(role, "lambda", ["InvokeFunction"], [lambda.functionArn]);
    new CfnSchedule(this, "EveryMinute", {
      description: "Starts Epoque's sweep",
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      // The next one comes in a minute anyway.
      target: { arn: lambda.functionArn, roleArn: role.roleArn, retryPolicy: { maximumRetryAttempts: 0 } },
    });
  }
}
