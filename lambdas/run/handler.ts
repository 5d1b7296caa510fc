import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { documentClient, secretsClient, sqsClient } from "../aws/clients.ts";
import { sqsDispatcher } from "../aws/dispatcher.ts";
import { dynamoAttempts } from "../aws/dynamodb/attempts.ts";
import { dynamoExecutions } from "../aws/dynamodb/executions.ts";
import { dynamoLanes } from "../aws/dynamodb/lanes.ts";
import { dynamoPauses } from "../aws/dynamodb/pauses.ts";
import { dynamoRates } from "../aws/dynamodb/rates.ts";
import { publishing } from "../aws/events.ts";
import { expiringArguments } from "../aws/expiring-arguments.ts";
import { writeLogLine } from "../aws/log.ts";
import { s3Payloads } from "../aws/payloads.ts";
import { secretVariables } from "../aws/secret-variables.ts";
import { Due, messageHandler } from "../aws/sqs-handler.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { schedulerTimer } from "../aws/timer.ts";
import { type DeployedFunction, functionCatalog } from "../core/functions.ts";
import { createLog } from "../log/log.ts";
import { logProblems } from "../log/log-problems.ts";
import { Env, userEnvironment } from "./env.ts";
import { liveEnvironment } from "./live-environment.ts";
import { runDue } from "./run-due.ts";
import { supervisor } from "./supervisor.ts";

const env = Env.parse(process.env);
const dynamodb = documentClient();
const sqs = sqsClient();

// The build lays the function's manifest beside the bundles.
const deployed = JSON.parse(readFileSync(new URL("function.json", import.meta.url), "utf-8")) as DeployedFunction & {
  maxDurationSeconds: number;
  fresh: boolean;
};

/** The runner's own heap, and what Node needs beside the heap, in MB: the rest is for the user's code. */
const RESERVED_MEGABYTES = 256;

const log = createLog({ namespace: env.EPOQUE_NAMESPACE, now: clock.now, writeLine: writeLogLine });

const environment = liveEnvironment(
  userEnvironment(process.env, env.EPOQUE_USER_ENVIRONMENT),
  secretVariables(secretsClient, env.EPOQUE_USER_SECRETS, clock),
);

const payloads = s3Payloads(env.EPOQUE_PAYLOAD_BUCKET);
const table = {
  tableName: env.EPOQUE_EXECUTIONS_TABLE,
  shards: env.EPOQUE_SHARDS,
  retentionDays: env.EPOQUE_RETENTION_DAYS,
};
const executions = dynamoExecutions(dynamodb, table, clock);

const run = runDue({
  clock,
  functions: functionCatalog([deployed]),
  executions: publishing(expiringArguments(executions, payloads, log), env.EPOQUE_EVENT_BUS, log),
  attempts: dynamoAttempts(dynamodb, env.EPOQUE_ATTEMPTS_TABLE, clock, env.EPOQUE_RETENTION_DAYS),
  payloads,
  lanes: dynamoLanes(dynamodb, table, clock),
  rates: dynamoRates(dynamodb, table.tableName),
  pauses: dynamoPauses(dynamodb, table.tableName, clock),
  timer: schedulerTimer({
    group: env.EPOQUE_SCHEDULE_GROUP,
    fireQueueArn: env.EPOQUE_FIRE_QUEUE_ARN,
    roleArn: env.EPOQUE_SCHEDULER_ROLE_ARN,
  }),
  dispatcher: sqsDispatcher(sqs, {
    functionPrefix: env.EPOQUE_QUEUE_URL_PREFIX,
    fire: env.EPOQUE_FIRE_QUEUE_URL,
  }),
  bundle: fileURLToPath(new URL("function.mjs", import.meta.url)),
  endpoint: env.EPOQUE_ENDPOINT,
  maxDurationSeconds: deployed.maxDurationSeconds,
  random: Math.random,
  run: supervisor(
    {
      environment: environment.current,
      fresh: deployed.fresh,
      heapMegabytes: Math.max(64, env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE - RESERVED_MEGABYTES),
    },
    clock,
  ),
  writeLine: writeLogLine,
  log,
  onDispatchError: logProblems(log),
});

export const handler = messageHandler(Due, { sqs, log }, async (message, delivery) => {
  // Before anything is claimed: where a secret cannot be read nothing has begun, and the message comes again.
  await environment.refresh();
  await run(message, delivery);
});
