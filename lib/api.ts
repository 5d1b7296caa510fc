import { Duration } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Construct } from "constructs";
import type { EnvName } from "../lambdas/api/env.ts";
import { routes } from "../lambdas/api/routes.ts";
import { physicalName } from "./naming.ts";
import { NodeLambda } from "./node-lambda.ts";
import type { Scheduling } from "./scheduling.ts";
import type { Storage } from "./storage.ts";

export interface ApiProps {
  /** The folder of the API Lambda's code. */
  code: string;
  storage: Storage;
  scheduling: Scheduling;
  shards: number;
}

/** The HTTP API: every route of the routes table leads to the one API Lambda. */
export class Api extends Construct {
  /** `https://…`, without a slash at its end. */
  readonly endpoint: string;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const integration = new HttpLambdaIntegration("Integration", apiLambda(this, props), {
      // One permission for the whole API instead of one for every route.
      scopePermissionToRoute: false,
    });
    const http = new HttpApi(this, "Http", {
      apiName: physicalName(this, "api"),
      // What fits no route gets its 404 or 405 in our own shape.
      defaultIntegration: integration,
    });
    for (const { method, path } of routes) http.addRoutes({ path, methods: [HttpMethod[method]], integration });
    this.endpoint = http.apiEndpoint;
  }
}

function apiLambda(scope: Construct, { code, storage, scheduling, shards }: ApiProps): NodeLambda<EnvName>["lambda"] {
  const { lambda } = new NodeLambda<EnvName>(scope, "Handler", {
    functionName: physicalName(scope, "api"),
    description: "Answers the HTTP API",
    code,
    environment: {
      EPOQUE_EXECUTIONS_TABLE: storage.executions.tableName,
      EPOQUE_ATTEMPTS_TABLE: storage.attempts.tableName,
      EPOQUE_PAYLOAD_BUCKET: storage.payloads.bucketName,
      EPOQUE_API_TOKEN_SECRET: storage.apiToken.secretArn,
      EPOQUE_SIGNING_KEY_SECRET: storage.signingKey.secretArn,
      ...scheduling.environment,
      EPOQUE_SHARDS: String(shards),
    },
    memorySize: 1024,
    // The gateway gives up after 30 s: what takes longer answers nobody.
    timeout: Duration.seconds(30),
  });
  storage.grantExecutions(lambda, "GetItem", "PutItem", "BatchWriteItem", "BatchGetItem");
  storage.grantIndexes(lambda, "all", "function", "state", "executedBy", "metadata");
  storage.grantAttempts(lambda, "GetItem", "BatchGetItem");
  storage.grantPayloads(lambda);
  storage.apiToken.grantRead(lambda);
  storage.signingKey.grantRead(lambda);
  scheduling.grantDispatch(lambda);
  scheduling.grantRecall(lambda);
  return lambda;
}
