import { randomBytes } from "node:crypto";
import { documentClient, secretsClient, sqsClient } from "../aws/clients.ts";
import { deployedFunctions } from "../aws/deployed-functions.ts";
import { sqsDispatcher } from "../aws/dispatcher.ts";
import { dynamoExecutions } from "../aws/dynamodb/executions.ts";
import { dynamoIndexes } from "../aws/dynamodb/indexes.ts";
import { dynamoJobs } from "../aws/dynamodb/jobs.ts";
import { dynamoLanes } from "../aws/dynamodb/lanes.ts";
import { dynamoPauses } from "../aws/dynamodb/pauses.ts";
import { publishing } from "../aws/events.ts";
import { expiringArguments } from "../aws/expiring-arguments.ts";
import { jobMessages } from "../aws/job-messages.ts";
import { writeLogLine } from "../aws/log.ts";
import { s3Payloads } from "../aws/payloads.ts";
import { JobStep, messageHandler } from "../aws/sqs-handler.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { schedulerTimer } from "../aws/timer.ts";
import { secretValues } from "../aws/tokens.ts";
import { workJob } from "../flows/work-job.ts";
import { createLog } from "../log/log.ts";
import { logProblems } from "../log/log-problems.ts";
import { Env } from "./env.ts";

/** Deliveries of a step, over some eight minutes, after which what still fails is counted as failed. */
const MAX_TRIES = 8;

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

const ports = {
  clock,
  random: Math.random,
  randomBytes,
  onDispatchError: logProblems(log),
  functions: deployedFunctions(),
  executions: publishing(
    expiringArguments(dynamoExecutions(dynamodb, table, clock), payloads, log),
    env.EPOQUE_EVENT_BUS,
    log,
  ),
  indexes: dynamoIndexes(dynamodb, table),
  jobs: dynamoJobs(dynamodb, table, clock),
  jobMessages: jobMessages(sqs, env.EPOQUE_BULK_QUEUE_URL),
  lanes: dynamoLanes(dynamodb, table, clock),
  pauses: dynamoPauses(dynamodb, table.tableName, clock),
  payloads,
  tokens: { signingKeys: secretValues(secretsClient(), env.EPOQUE_SIGNING_KEY_SECRET, clock) },
  dispatcher: sqsDispatcher(sqs, {
    functionPrefix: env.EPOQUE_QUEUE_URL_PREFIX,
    fire: env.EPOQUE_FIRE_QUEUE_URL,
  }),
  timer: schedulerTimer({
    group: env.EPOQUE_SCHEDULE_GROUP,
    fireQueueArn: env.EPOQUE_FIRE_QUEUE_ARN,
    roleArn: env.EPOQUE_SCHEDULER_ROLE_ARN,
  }),
};

/** Works a step of a job and sends itself the next. */
export const handler = messageHandler(JobStep, { sqs, log }, async (message, { requestId, receives }) => {
  const result = await workJob(ports, message, receives >= MAX_TRIES);
  const about = { requestId, job: message.jobId };
  if ("worked" in result) {
    const { worked } = result;
    if (worked.action === "wake") log({ message: "parked executions woken", ...about, function: worked.functionName });
    else log({ message: "page worked", ...about, state: worked.state, bulk: countsOf(worked) });
  } else if ("held" in result) log({ message: "step held", ...about, remainingMs: result.held });
  else log({ message: "step dropped", ...about, reason: result.dropped });
});

function countsOf({
  examined,
  matched,
  done,
  skipped,
  failed,
}: Record<"examined" | "matched" | "done" | "skipped" | "failed", number>) {
  return { examined, matched, done, skipped, failed };
}
