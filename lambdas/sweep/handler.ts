import type { Context } from "aws-lambda";
import { documentClient, hastyDocumentClient, sqsClient } from "../aws/clients.ts";
import { sqsDeadLetters } from "../aws/dead-letters.ts";
import { deployedFunctions } from "../aws/deployed-functions.ts";
import { sqsDispatcher } from "../aws/dispatcher.ts";
import { dynamoAttempts } from "../aws/dynamodb/attempts.ts";
import { dynamoExecutions } from "../aws/dynamodb/executions.ts";
import { dynamoFailureCounter } from "../aws/dynamodb/failure-counter.ts";
import { dynamoIndexes } from "../aws/dynamodb/indexes.ts";
import { dynamoJobs } from "../aws/dynamodb/jobs.ts";
import { dynamoLanes } from "../aws/dynamodb/lanes.ts";
import { dynamoPauses } from "../aws/dynamodb/pauses.ts";
import { dynamoSchedules } from "../aws/dynamodb/schedules.ts";
import { publishing } from "../aws/events.ts";
import { expiringArguments } from "../aws/expiring-arguments.ts";
import { jobMessages } from "../aws/job-messages.ts";
import { writeLogLine } from "../aws/log.ts";
import { s3Payloads } from "../aws/payloads.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { tickMessages } from "../aws/tick-messages.ts";
import { schedulerTimer } from "../aws/timer.ts";
import { isExecutionId } from "../core/ids.ts";
import { sweep } from "../flows/sweep.ts";
import { createLog, loggedError } from "../log/log.ts";
import { logProblems } from "../log/log-problems.ts";
import { Env } from "./env.ts";

/** The Lambda has a minute: what is begun must come to its end. */
const BEGIN_UNTIL_MS = 30_000;

const env = Env.parse(process.env);
const dynamodb = documentClient();
const sqs = sqsClient();
const table = {
  tableName: env.EPOQUE_EXECUTIONS_TABLE,
  shards: env.EPOQUE_SHARDS,
  retentionDays: env.EPOQUE_RETENTION_DAYS,
};
const log = createLog({ namespace: env.EPOQUE_NAMESPACE, now: clock.now, writeLine: writeLogLine });

const ports = {
  clock,
  random: Math.random,
  onDispatchError: logProblems(log),
  functions: deployedFunctions(),
  executions: publishing(
    expiringArguments(dynamoExecutions(dynamodb, table, clock), s3Payloads(env.EPOQUE_PAYLOAD_BUCKET), log),
    env.EPOQUE_EVENT_BUS,
    log,
  ),
  indexes: dynamoIndexes(dynamodb, table),
  failureCounter: dynamoFailureCounter(hastyDocumentClient, table),
  jobs: dynamoJobs(dynamodb, table, clock),
  jobMessages: jobMessages(sqs, env.EPOQUE_BULK_QUEUE_URL),
  lanes: dynamoLanes(dynamodb, table, clock),
  pauses: dynamoPauses(dynamodb, table.tableName, clock),
  attempts: dynamoAttempts(dynamodb, env.EPOQUE_ATTEMPTS_TABLE, clock, env.EPOQUE_RETENTION_DAYS),
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
  deadLetters: sqsDeadLetters(sqs, [env.EPOQUE_DEAD_LETTERS_URL, env.EPOQUE_FIFO_DEAD_LETTERS_URL]),
  dispatcher: sqsDispatcher(sqs, {
    functionPrefix: env.EPOQUE_QUEUE_URL_PREFIX,
    fire: env.EPOQUE_FIRE_QUEUE_URL,
  }),
};

/**
 * Every minute: finds what was lost and puts it back.
 * @throws after all others, if one could not be recovered: the invocation counts as failed then
 */
export async function handler(_event: unknown, { awsRequestId: requestId }: Context): Promise<void> {
  const beganAtMs = clock.now();
  const onError = (subject: string, error: unknown) => {
    const about = isExecutionId(subject) ? { executionId: subject } : { schedule: subject };
    log({ level: "ERROR", message: "execution not recovered", requestId, ...about, error: loggedError(error) });
  };
  const report = await sweep({ ...ports, onError }, beganAtMs + BEGIN_UNTIL_MS);
  const { lost, givenUp, sentAgain, missing, waitingLong, errors, isCutShort } = report;
  log(
    { message: "swept", requestId, durationMs: clock.now() - beganAtMs, sweep: report },
    { lost: lost + givenUp + sentAgain + missing, waiting: waitingLong, cutShort: isCutShort ? 1 : 0 },
  );
  if (errors > 0) throw new Error(`${errors} executions or schedules could not be recovered: see the lines before`);
}
