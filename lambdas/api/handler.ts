import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { cloudwatchAlarms } from "../aws/alarms.ts";
import { documentClient, secretsClient, sqsClient } from "../aws/clients.ts";
import { deployedFunctions } from "../aws/deployed-functions.ts";
import { sqsDispatcher } from "../aws/dispatcher.ts";
import { dynamoAttempts } from "../aws/dynamodb/attempts.ts";
import { dynamoConsoleCodes } from "../aws/dynamodb/console-codes.ts";
import { dynamoDebounces } from "../aws/dynamodb/debounces.ts";
import { dynamoExecutions } from "../aws/dynamodb/executions.ts";
import { dynamoFailureGroups } from "../aws/dynamodb/failure-groups.ts";
import { dynamoIdempotencyKeys } from "../aws/dynamodb/idempotency-keys.ts";
import { dynamoIndexes } from "../aws/dynamodb/indexes.ts";
import { dynamoJobs } from "../aws/dynamodb/jobs.ts";
import { dynamoLanes } from "../aws/dynamodb/lanes.ts";
import { dynamoNamedTokens } from "../aws/dynamodb/named-tokens.ts";
import { dynamoPauses } from "../aws/dynamodb/pauses.ts";
import { dynamoSchedules } from "../aws/dynamodb/schedules.ts";
import { publishing } from "../aws/events.ts";
import { expiringArguments } from "../aws/expiring-arguments.ts";
import { jobMessages } from "../aws/job-messages.ts";
import { cloudwatchLiveLogs } from "../aws/live-logs.ts";
import { writeLogLine } from "../aws/log.ts";
import { s3Payloads } from "../aws/payloads.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { tickMessages } from "../aws/tick-messages.ts";
import { schedulerTimer } from "../aws/timer.ts";
import { secretTokens } from "../aws/tokens.ts";
import { createLog } from "../log/log.ts";
import { logProblems } from "../log/log-problems.ts";
import { api } from "./api.ts";
import { Env } from "./env.ts";

const env = Env.parse(process.env);
const dynamodb = documentClient();
const sqs = sqsClient();
const table = {
  tableName: env.EPOQUE_EXECUTIONS_TABLE,
  shards: env.EPOQUE_SHARDS,
  retentionDays: env.EPOQUE_RETENTION_DAYS,
};
const log = createLog({ namespace: env.EPOQUE_NAMESPACE, now: clock.now, writeLine: writeLogLine });
const payloads = s3Payloads(env.EPOQUE_PAYLOAD_BUCKET);

export const handler = api({
  clock,
  randomBytes,
  log,
  onDispatchError: logProblems(log),
  executionTokens: env.EPOQUE_EXECUTION_TOKENS,
  functions: deployedFunctions(),
  executions: publishing(
    expiringArguments(dynamoExecutions(dynamodb, table, clock), payloads, log),
    env.EPOQUE_EVENT_BUS,
    log,
  ),
  indexes: dynamoIndexes(dynamodb, table),
  failures: dynamoFailureGroups(dynamodb, table),
  liveLogs: cloudwatchLiveLogs(env.EPOQUE_LOG_GROUP_PREFIX),
  jobs: dynamoJobs(dynamodb, table, clock),
  jobMessages: jobMessages(sqs, env.EPOQUE_BULK_QUEUE_URL),
  debounces: dynamoDebounces(dynamodb, table.tableName),
  lanes: dynamoLanes(dynamodb, table, clock),
  pauses: dynamoPauses(dynamodb, table.tableName, clock),
  random: Math.random,
  idempotencyKeys: dynamoIdempotencyKeys(dynamodb, table.tableName, clock),
  attempts: dynamoAttempts(dynamodb, env.EPOQUE_ATTEMPTS_TABLE, clock, env.EPOQUE_RETENTION_DAYS),
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
  timer: schedulerTimer({
    group: env.EPOQUE_SCHEDULE_GROUP,
    fireQueueArn: env.EPOQUE_FIRE_QUEUE_ARN,
    roleArn: env.EPOQUE_SCHEDULER_ROLE_ARN,
  }),
  schedules: dynamoSchedules(dynamodb, table, clock),
  ticks: tickMessages(sqs, env.EPOQUE_TICK_QUEUE_URL, {
    group: env.EPOQUE_SCHEDULE_GROUP,
    queueArn: env.EPOQUE_TICK_QUEUE_ARN,
    roleArn: env.EPOQUE_TICK_ROLE_ARN,
  }),
  dispatcher: sqsDispatcher(sqs, {
    functionPrefix: env.EPOQUE_QUEUE_URL_PREFIX,
    fire: env.EPOQUE_FIRE_QUEUE_URL,
  }),
});

function readIfThere(file: URL): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
