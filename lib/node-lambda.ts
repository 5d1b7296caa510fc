import { type Duration, RemovalPolicy } from "aws-cdk-lib";
import { ManagedPolicy, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Code,
  Function as Lambda,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge, acknowledgeCheckov, acknowledgeWildcard } from "./acknowledge.ts";
import { InlineRole } from "./inline-role.ts";
import type { FunctionOptions } from "./options.ts";

/** The user's settings for a Lambda. */
export interface LambdaSettings {
  /** Whether X-Ray traces it. */
  tracing: boolean;
  /** How many of it run at once at most; others cannot take these from the account. @default - no own share */
  reservedConcurrency?: number | undefined;
}

export interface NodeLambdaProps<EnvName extends string> extends LambdaSettings {
  functionName: string;
  description: string;
  /** @default - CloudFormation names it */
  logGroupName?: string;
  /** The folder to deploy, with `index.mjs` in it. */
  code: string;
  /** Exactly what the handler's `env.ts` asks for. */
  environment: Record<EnvName, string>;
  memorySize: number;
  timeout: Duration;
  /** @default - no VPC */
  network?: FunctionOptions;
  /**
   * Whether Lambda may find it in a loop through SQS: such a chain is cut after 16 hops otherwise.
   * @default false
   */
  loops?: boolean;
}

/** The one way we make a Lambda function: Node 24 on arm64, with a log group of its own. */
export class NodeLambda<EnvName extends string> extends Construct {
  readonly lambda: Lambda;
  readonly role: InlineRole;

  constructor(scope: Construct, id: string, props: NodeLambdaProps<EnvName>) {
    super(scope, id);
    const { vpc, vpcSubnets, securityGroups } = props.network ?? {};
    this.role = lambdaRole(this, vpc !== undefined);
    const { logGroupName } = props;
    const logs = new LogGroup(this, "Logs", {
      retention: RetentionDays.ONE_MONTH,
      // One that has a name of its own could not be made anew while the former is still there.
      ...(logGroupName !== undefined && { logGroupName, removalPolicy: RemovalPolicy.DESTROY }),
    });
    this.lambda = new Lambda(this, "Lambda", {
      role: this.role,
      functionName: props.functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: Code.fromAsset(props.code),
      environment: props.environment,
      memorySize: props.memorySize,
      timeout: props.timeout,
      tracing: props.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(vpc && { vpc }),
      ...(vpcSubnets && { vpcSubnets }),
      ...(securityGroups && { securityGroups }),
      recursiveLoop: props.loops ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
      logGroup: logs,
      // Our own lines are JSON already. Lambda's START, END and REPORT of each invocation cost more than they say.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
    });
    acknowledgeCheckov(logs, { CKV_AWS_158: "CloudWatch encrypts it, and nothing of a user's data is in it." });
    acknowledgeCheckov(this.lambda, {
      CKV_AWS_115: "Reserved concurrency is taken from the account's other Lambdas: an option (reservedConcurrency).",
      CKV_AWS_116: "A queue, the gateway or a schedule calls it; the queues have dead-letter queues.",
      CKV_AWS_117: "It needs nothing of a VPC; a user's functions can be put into one (vpc).",
      CKV_AWS_173: "Lambda encrypts them, and no secret is among them: those are read when they are needed.",
    });
    if (!props.tracing) return;
    acknowledgeWildcard(this.role, "*", "X-Ray's actions, which know no resources, are all that is allowed on it.");
  }
}

function lambdaRole(scope: Construct, inVpc: boolean): InlineRole {
  const policies = inVpc ? ["AWSLambdaVPCAccessExecutionRole"] : ["AWSLambdaBasicExecutionRole"];
  const role = new InlineRole(scope, "Role", {
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    managedPolicies: policies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(`service-role/${name}`)),
  });
  for (const name of policies) {
    const id = `IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/${name}]`;
    acknowledge(role, id, "AWS's own policy for writing logs (and for the VPC's network cards), and nothing else.");
  }
  return role;
}
