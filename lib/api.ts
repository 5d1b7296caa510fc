import { ArnFormat, Duration, Stack, Token } from "aws-cdk-lib";
import { type CfnStage, DomainName, HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { EnvName } from "../lambdas/api/env.ts";
import { isOnGateway, routes, SIGNED_PATH } from "../lambdas/api/routes.ts";
import { acknowledge, acknowledgeCheckov, acknowledgeWildcard } from "./acknowledge.ts";
import type { Bulk } from "./bulk.ts";
import { commonEnvironment } from "./environment.ts";
import { OptionError } from "./errors.ts";
import { grant, grantSecrets } from "./grants.ts";
import { functionLogGroupPrefix, physicalName } from "./naming.ts";
import { type LambdaSettings, NodeLambda } from "./node-lambda.ts";
import type { DomainOptions, EpoqueProps, ThrottlingOptions } from "./options.ts";
import type { Scheduling } from "./scheduling.ts";
import type { Storage } from "./storage.ts";

export interface ApiProps {
  /** The folder of the API Lambda's code. */
  code: string;
  storage: Storage;
  settings: LambdaSettings;
  scheduling: Scheduling;
  bulk: Bulk;
  shards: number;
  domain?: DomainOptions | undefined;
  throttling?: ThrottlingOptions | undefined;
  executionTokens?: EpoqueProps["executionTokens"] | undefined;
  iamAuth?: boolean | undefined;
}

/** The HTTP API: every route of the routes table leads to the one API Lambda. */
export class Api extends Construct {
  /** `https://…`, without a slash at its end. */
  readonly endpoint: string;
  readonly http: HttpApi;
  readonly lambda: Lambda;
  /** The user's own domain, if there is one. */
  readonly domain: DomainName | undefined;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.lambda = apiLambda(this, props);
    const integration = new HttpLambdaIntegration("Integration", this.lambda, {
      // One permission for the whole API instead of one for every route.
      scopePermissionToRoute: false,
    });
    const { domain } = props;
    this.domain =
      domain && new DomainName(this, "Domain", { domainName: domain.name, certificate: domain.certificate });
    this.http = new HttpApi(this, "Http", {
      apiName: physicalName(this, "api"),
      // Unknown routes get their 404 or 405 in our own shape.
      defaultIntegration: integration,
      ...(this.domain && { defaultDomainMapping: { domainName: this.domain } }),
    });
    if (props.throttling !== undefined) throttle(this.http, props.throttling);
    // The CDK's permission asks for a method and a path, which the route for all else has not.
    this.lambda.addPermission("DefaultRoute", {
      principal: new ServicePrincipal("apigateway.amazonaws.com"),
      sourceArn: Stack.of(this).formatArn({
        service: "execute-api",
        resource: this.http.apiId,
        resourceName: "*/$default",
      }),
    });
    for (const { method, path } of routes.filter(isOnGateway))
      this.http.addRoutes({ path, methods: [HttpMethod[method]], integration });
    if (props.iamAuth) {
      // One route for all: a stack has at most 500 resources. Policies tell methods and paths apart.
      const authorizer = new HttpIamAuthorizer();
      this.http.addRoutes({ path: SIGNED_PATH, methods: [HttpMethod.ANY], integration, authorizer });
    }
    this.endpoint = domain === undefined ? this.http.apiEndpoint : `https://${domain.name}`;
    if (this.http.defaultStage !== undefined) {
      acknowledgeCheckov(this.http.defaultStage, { CKV_AWS_95: "The Lambda writes a line for each request." });
    }
    acknowledge(
      this.http,
      "APIG1",
      "The Lambda writes a line for each request; what does not come that far is counted by the gateway's metrics.",
    );
    acknowledge(
      this.http,
      "APIG4",
      "The Lambda checks the tokens itself, since an authorizer would be a second Lambda to call and to wait for.",
    );
  }
}

// On the stage that the HttpApi makes itself: it is where a domain is mapped to.
function throttle(
  { defaultStage }: HttpApi,
  { requestsPerSecond, burst = requestsPerSecond }: ThrottlingOptions,
): void {
  for (const [name, value] of Object.entries({ requestsPerSecond, burst })) {
    if (Token.isUnresolved(value) || (Number.isInteger(value) && value > 0)) continue;
    throw new OptionError(
      `throttling.${name}`,
      `${name} of "throttling" must be a whole number of at least 1, not ${value}`,
    );
  }
  const stage = defaultStage?.node.defaultChild as CfnStage;
  stage.defaultRouteSettings = { throttlingRateLimit: requestsPerSecond, throttlingBurstLimit: burst };
}

function apiLambda(
  scope: Construct,
  { code, storage, settings, scheduling, bulk, shards, executionTokens = "tree" }: ApiProps,
): Lambda {
  // JavaScript callers have no types.
  if (!["tree", "full"].includes(executionTokens)) {
    throw new OptionError("executionTokens", "executionTokens must be tree or full");
  }
  const { lambda } = new NodeLambda<EnvName>(scope, "Handler", {
    functionName: physicalName(scope, "api"),
    description: "Answers the HTTP API",
    code,
    environment: {
      ...commonEnvironment(scope, { storage, shards }),
      EPOQUE_API_TOKEN_SECRET: storage.apiToken.secretArn,
      EPOQUE_SIGNING_KEY_SECRET: storage.signingKey.secretArn,
      ...scheduling.environment,
      ...scheduling.tickEnvironment,
      ...bulk.environment,
      EPOQUE_LOG_GROUP_PREFIX: functionLogGroupPrefix(scope),
      EPOQUE_EXECUTION_TOKENS: executionTokens,
    },
    memorySize: 1024,
    // The gateway gives up after 30 s: what takes longer answers nobody.
    timeout: Duration.seconds(30),
    ...settings,
  });
  storage.grantExecutions(lambda, "GetItem", "PutItem", "BatchWriteItem", "BatchGetItem", "Query", "DeleteItem");
  storage.grantIndexes(lambda, "all", "function", "state", "executedBy", "metadata");
  storage.grantAttempts(lambda, "GetItem", "PutItem", "BatchGetItem");
  storage.grantArguments(lambda, ["GetObject", "PutObject", "PutObjectTagging"]);
  storage.grantResults(lambda, ["GetObject"]);
  storage.grantFindMissing(lambda);
  grantSecrets(lambda, storage.apiToken, storage.signingKey);
  scheduling.grantDispatch(lambda);
  scheduling.grantTicks(lambda);
  scheduling.grantTickTimer(lambda);
  scheduling.grantRecall(lambda);
  scheduling.grantBacklog(lambda);
  bulk.grantSteps(lambda);
  grantLiveLogs(lambda);
  return lambda;
}

/** Lets `lambda` read what functions write while they run: the streams of their log groups, and of that of tasks. */
function grantLiveLogs(lambda: Lambda): void {
  const streams = Stack.of(lambda).formatArn({
    service: "logs",
    resource: "log-group",
    resourceName: `${functionLogGroupPrefix(lambda)}*:log-stream:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  grant(lambda, "logs", ["GetLogEvents"], [streams]);
  acknowledgeWildcard(lambda, streams, "The log streams of all functions, whichever there are: new ones come.");
}
