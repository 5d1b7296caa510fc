import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { documentClient, s3Client, secretsClient, sqsClient } from "../aws/clients.ts";
import { sqsDispatcher } from "../aws/dispatcher.ts";
import { dynamoAttempts } from "../aws/dynamodb/attempts.ts";
import { dynamoExecutions } from "../aws/dynamodb/executions.ts";
import { s3Payloads } from "../aws/payloads.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { secretTokens } from "../aws/tokens.ts";
import { type DeployedFunction, functionCatalog } from "../core/functions.ts";
import { answer } from "./answer.ts";
import { getArguments } from "./endpoints/get-arguments.ts";
import { getExecution } from "./endpoints/get-execution.ts";
import { getHealth } from "./endpoints/get-health.ts";
import { getLogs } from "./endpoints/get-logs.ts";
import { getResults } from "./endpoints/get-results.ts";
import { putExecution } from "./endpoints/put-execution.ts";
import { Env } from "./env.ts";
import { failures } from "./middleware/failures.ts";
import { requestId } from "./middleware/request-id.ts";

const env = Env.parse(process.env);
const dynamodb = documentClient();
const ports = {
  clock,
  randomBytes,
  functions: functionCatalog(readDeployedFunctions()),
  executions: dynamoExecutions(dynamodb, { tableName: env.EPOQUE_EXECUTIONS_TABLE, shards: env.EPOQUE_SHARDS }, clock),
  attempts: dynamoAttempts(dynamodb, env.EPOQUE_ATTEMPTS_TABLE),
  payloads: s3Payloads(s3Client(), env.EPOQUE_PAYLOAD_BUCKET),
  tokens: secretTokens(
    secretsClient(),
    { apiToken: env.EPOQUE_API_TOKEN_SECRET, signingKey: env.EPOQUE_SIGNING_KEY_SECRET },
    clock,
  ),
  dispatcher: sqsDispatcher(sqsClient(), {
    functionPrefix: env.EPOQUE_QUEUE_URL_PREFIX,
    fire: env.EPOQUE_FIRE_QUEUE_URL,
  }),
};

// The build lays the list beside the bundle: 60 functions do not fit the 4 KB of a Lambda's environment.
function readDeployedFunctions(): DeployedFunction[] {
  return JSON.parse(readFileSync(new URL("functions.json", import.meta.url), "utf-8")) as DeployedFunction[];
}

export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
  .use(requestId())
  .use(failures())
  .handler(
    answer({
      ...ports,
      endpoints: {
        getHealth: getHealth(),
        putExecution: putExecution(ports),
        getExecution: getExecution(ports),
        getResults: getResults(ports),
        getArguments: getArguments(ports),
        getLogs: getLogs(ports),
      },
    }),
  );
