import { randomBytes } from "node:crypto";
import { secretsClient } from "../aws/clients.ts";
import { deployedFunctions } from "../aws/deployed-functions.ts";
import { dynamoIndexes } from "../aws/dynamodb/indexes.ts";
import { dynamoJobs } from "../aws/dynamodb/jobs.ts";
import { dynamoLanes } from "../aws/dynamodb/lanes.ts";
import { dynamoPauses } from "../aws/dynamodb/pauses.ts";
import { jobMessages } from "../aws/job-messages.ts";
import { sharedPorts } from "../aws/shared-ports.ts";
import { JobStep, messageHandler } from "../aws/sqs-handler.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { secretValues } from "../aws/tokens.ts";
import { workJob } from "../flows/work-job.ts";
import { Env } from "./env.ts";

/** Deliveries of a step, over some eight minutes, after which what still fails is counted as failed. */
const MAX_TRIES = 8;

const env = Env.parse(process.env);
const { dynamodb, sqs, table, log, payloads, ports: shared } = sharedPorts(env);

const ports = {
  ...shared,
  random: Math.random,
  randomBytes,
  functions: deployedFunctions(),
  indexes: dynamoIndexes(dynamodb, table),
  jobs: dynamoJobs(dynamodb, table, clock),
  jobMessages: jobMessages(sqs, env.EPOQUE_BULK_QUEUE_URL),
  lanes: dynamoLanes(dynamodb, table, clock),
  pauses: dynamoPauses(dynamodb, table.tableName, clock),
  payloads,
  tokens: { signingKeys: secretValues(secretsClient(), env.EPOQUE_SIGNING_KEY_SECRET, clock) },
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
