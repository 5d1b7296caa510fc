import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { cloudwatchAlarms } from "../aws/alarms.ts";
import { secretsClient } from "../aws/clients.ts";
import { deployedFunctions } from "../aws/deployed-functions.ts";
import { dynamoConsoleCodes } from "../aws/dynamodb/console-codes.ts";
import { dynamoDebounces } from "../aws/dynamodb/debounces.ts";
import { dynamoFailureGroups } from "../aws/dynamodb/failure-groups.ts";
import { dynamoIdempotencyKeys } from "../aws/dynamodb/idempotency-keys.ts";
import { dynamoIndexes } from "../aws/dynamodb/indexes.ts";
import { dynamoJobs } from "../aws/dynamodb/jobs.ts";
import { dynamoLanes } from "../aws/dynamodb/lanes.ts";
import { dynamoNamedTokens } from "../aws/dynamodb/named-tokens.ts";
import { dynamoPauses } from "../aws/dynamodb/pauses.ts";
import { dynamoSchedules } from "../aws/dynamodb/schedules.ts";
import { jobMessages } from "../aws/job-messages.ts";
import { cloudwatchLiveLogs } from "../aws/live-logs.ts";
import { sharedPorts, tickPort } from "../aws/shared-ports.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { secretTokens } from "../aws/tokens.ts";
import { rememberingPastHours } from "../core/failures/past-hours.ts";
import { api } from "./api.ts";
import { Env } from "./env.ts";

const env = Env.parse(process.env);
const { dynamodb, sqs, table, log, payloads, ports: shared } = sharedPorts(env);

export const handler = api({
  ...shared,
  randomBytes,
  log,
  executionTokens: env.EPOQUE_EXECUTION_TOKENS,
  functions: deployedFunctions(),
  indexes: dynamoIndexes(dynamodb, table),
  failures: rememberingPastHours(dynamoFailureGroups(dynamodb, table), clock),
  liveLogs: cloudwatchLiveLogs(env.EPOQUE_LOG_GROUP_PREFIX),
  jobs: dynamoJobs(dynamodb, table, clock),
  jobMessages: jobMessages(sqs, env.EPOQUE_BULK_QUEUE_URL),
  debounces: dynamoDebounces(dynamodb, table.tableName),
  lanes: dynamoLanes(dynamodb, table, clock),
  pauses: dynamoPauses(dynamodb, table.tableName, clock),
  random: Math.random,
  idempotencyKeys: dynamoIdempotencyKeys(dynamodb, table.tableName, clock),
  readOpenapi: () => readFileSync(new URL("openapi.json", import.meta.url), "utf-8"),
  readConsoleFile: (name) => readIfThere(new URL(`console/${name}.gz`, import.meta.url)),
  consoleCodes: dynamoConsoleCodes(dynamodb, table.tableName),
  payloads,
  alarms: cloudwatchAlarms(env.EPOQUE_NAMESPACE),
  namedTokens: dynamoNamedTokens(dynamodb, table.tableName, clock),
  tokens: secretTokens(
    secretsClient(),
    { apiToken: env.EPOQUE_API_TOKEN_SECRET, signingKey: env.EPOQUE_SIGNING_KEY_SECRET },
    clock,
  ),
  schedules: dynamoSchedules(dynamodb, table, clock),
  ticks: tickPort(sqs, env),
});

function readIfThere(file: URL): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
