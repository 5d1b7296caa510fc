import type { Context } from "aws-lambda";
import { hastyDocumentClient } from "../aws/clients.ts";
import { sqsDeadLetters } from "../aws/dead-letters.ts";
import { deployedFunctions } from "../aws/deployed-functions.ts";
import { dynamoFailureCounter } from "../aws/dynamodb/failure-counter.ts";
import { dynamoIndexes } from "../aws/dynamodb/indexes.ts";
import { dynamoJobs } from "../aws/dynamodb/jobs.ts";
import { dynamoLanes } from "../aws/dynamodb/lanes.ts";
import { dynamoPauses } from "../aws/dynamodb/pauses.ts";
import { dynamoSchedules } from "../aws/dynamodb/schedules.ts";
import { jobMessages } from "../aws/job-messages.ts";
import { sharedPorts, tickPort } from "../aws/shared-ports.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { sweep } from "../flows/sweep.ts";
import { logProblems } from "../log/log-problems.ts";
import { Env } from "./env.ts";

/** The Lambda has a minute: what is begun must come to its end. */
const BEGIN_UNTIL_MS = 30_000;

const env = Env.parse(process.env);
const { dynamodb, sqs, table, log, ports: shared } = sharedPorts(env);

const ports = {
  ...shared,
  random: Math.random,
  functions: deployedFunctions(),
  indexes: dynamoIndexes(dynamodb, table),
  failureCounter: dynamoFailureCounter(hastyDocumentClient, table),
  jobs: dynamoJobs(dynamodb, table, clock),
  jobMessages: jobMessages(sqs, env.EPOQUE_BULK_QUEUE_URL),
  lanes: dynamoLanes(dynamodb, table, clock),
  pauses: dynamoPauses(dynamodb, table.tableName, clock),
  schedules: dynamoSchedules(dynamodb, table, clock),
  ticks: tickPort(sqs, env),
  deadLetters: sqsDeadLetters(sqs, [env.EPOQUE_DEAD_LETTERS_URL, env.EPOQUE_FIFO_DEAD_LETTERS_URL]),
};

/**
 * Every minute: finds what was lost and puts it back.
 * @throws after all others, if one could not be recovered: the invocation counts as failed then
 */
export async function handler(_event: unknown, { awsRequestId: requestId }: Context): Promise<void> {
  const beganAtMs = clock.now();
  const report = await sweep({ ...ports, onError: logProblems(log, requestId) }, beganAtMs + BEGIN_UNTIL_MS);
  const { lost, givenUp, sentAgain, missing, waitingLong, errors, isCutShort } = report;
  log(
    { message: "swept", requestId, durationMs: clock.now() - beganAtMs, sweep: report },
    { lost: lost + givenUp + sentAgain + missing, waiting: waitingLong, cutShort: isCutShort ? 1 : 0 },
  );
  if (errors > 0) throw new Error(`${errors} errors in a sweep: see the lines before`);
}
