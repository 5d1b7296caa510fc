import type { Duration } from "aws-cdk-lib";
import { Architecture, Code, Function as Lambda, RecursiveLoop, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

export interface NodeLambdaProps<EnvName extends string> {
  functionName: string;
  description: string;
  /** The folder to deploy, with `index.mjs` in it. */
  code: string;
  /** Exactly what the handler's `env.ts` asks for. */
  environment: Record<EnvName, string>;
  memorySize: number;
  timeout: Duration;
  /**
   * Whether Lambda may find it in a loop through SQS: such a chain is cut after 16 hops otherwise.
   * @default false
   */
  loops?: boolean;
}

/** The one way we make a Lambda function: Node 24 on arm64, traced, with a log group of its own. */
export class NodeLambda<EnvName extends string> extends Construct {
  readonly lambda: Lambda;

  constructor(scope: Construct, id: string, props: NodeLambdaProps<EnvName>) {
    super(scope, id);
    this.lambda = new Lambda(this, "Lambda", {
      functionName: props.functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: Code.fromAsset(props.code),
      environment: { ...props.environment, NODE_OPTIONS: "--enable-source-maps" },
      memorySize: props.memorySize,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      recursiveLoop: props.loops ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
      logGroup: new LogGroup(this, "Logs", { retention: RetentionDays.ONE_MONTH }),
    });
  }
}
