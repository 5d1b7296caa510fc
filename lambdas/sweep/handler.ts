import { documentClient, schedulerClient, sqsClient } from "../aws/clients.ts";
import { deployedFunctions } from "../aws/deployed-functions.ts";
import { sqsDispatcher } from "../aws/dispatcher.ts";
import { dynamoAttempts } from "../aws/dynamodb/attempts.ts";
import { dynamoExecutions } from "../aws/dynamodb/executions.ts";
import { dynamoIndexes } from "../aws/dynamodb/indexes.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { schedulerTimer } from "../aws/timer.ts";
import { sweep } from "../flows/sweep.ts";
import { Env } from "./env.ts";

/** The Lambda has a minute: what is begun must come to its end. */
const BEGIN_UNTIL_MS = 30_000;

const env = Env.parse(process.env);
const dynamodb = documentClient();
const table = { tableName: env.EPOQUE_EXECUTIONS_TABLE, shards: env.EPOQUE_SHARDS };
const ports = {
  clock,
  random: Math.random,
  functions: deployedFunctions(),
  executions: dynamoExecutions(dynamodb, table, clock),
  indexes: dynamoIndexes(dynamodb, table),
  attempts: dynamoAttempts(dynamodb, env.EPOQUE_ATTEMPTS_TABLE, clock),
  timer: schedulerTimer(schedulerClient(), {
    group: env.EPOQUE_SCHEDULE_GROUP,
    fireQueueArn: env.EPOQUE_FIRE_QUEUE_ARN,
    roleArn: env.EPOQUE_SCHEDULER_ROLE_ARN,
  }),
  dispatcher: sqsDispatcher(sqsClient(), {
    functionPrefix: env.EPOQUE_QUEUE_URL_PREFIX,
    fire: env.EPOQUE_FIRE_QUEUE_URL,
  }),
};

/** Every minute: finds what was lost and puts it back. */
export async function handler(): Promise<void> {
  const report = await sweep(ports, clock.now() + BEGIN_UNTIL_MS);
  console.log(JSON.stringify({ level: "INFO", message: "swept", ...report }));
}
