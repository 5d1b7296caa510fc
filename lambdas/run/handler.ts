import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { documentClient, s3Client, schedulerClient, sqsClient } from "../aws/clients.ts";
import { sqsDispatcher } from "../aws/dispatcher.ts";
import { Due, messageHandler } from "../aws/due-message.ts";
import { dynamoAttempts } from "../aws/dynamodb/attempts.ts";
import { dynamoExecutions } from "../aws/dynamodb/executions.ts";
import { dynamoSlots } from "../aws/dynamodb/slots.ts";
import { s3Payloads } from "../aws/payloads.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { schedulerTimer } from "../aws/timer.ts";
import { type DeployedFunction, functionCatalog } from "../core/functions.ts";
import { Env, userEnvironment } from "./env.ts";
import { runDue } from "./run-due.ts";
import { supervisor } from "./supervisor.ts";

const env = Env.parse(process.env);
const dynamodb = documentClient();

// The build lays the function's manifest beside the bundles.
const deployed = JSON.parse(readFileSync(new URL("function.json", import.meta.url), "utf-8")) as DeployedFunction & {
  maxDurationSeconds: number;
};

/** The runner's own heap, and what Node needs beside the heap, in MB: the rest is for the user's code. */
const RESERVED_MEGABYTES = 256;

export const handler = messageHandler(
  Due,
  runDue({
    clock,
    functions: functionCatalog([deployed]),
    executions: dynamoExecutions(
      dynamodb,
      { tableName: env.EPOQUE_EXECUTIONS_TABLE, shards: env.EPOQUE_SHARDS },
      clock,
    ),
    attempts: dynamoAttempts(dynamodb, env.EPOQUE_ATTEMPTS_TABLE, clock),
    payloads: s3Payloads(s3Client(), env.EPOQUE_PAYLOAD_BUCKET),
    slots: dynamoSlots(dynamodb, env.EPOQUE_EXECUTIONS_TABLE),
    timer: schedulerTimer(schedulerClient(), {
      group: env.EPOQUE_SCHEDULE_GROUP,
      fireQueueArn: env.EPOQUE_FIRE_QUEUE_ARN,
      roleArn: env.EPOQUE_SCHEDULER_ROLE_ARN,
    }),
    dispatcher: sqsDispatcher(sqsClient(), {
      functionPrefix: env.EPOQUE_QUEUE_URL_PREFIX,
      fire: env.EPOQUE_FIRE_QUEUE_URL,
    }),
    bundle: fileURLToPath(new URL("function.mjs", import.meta.url)),
    endpoint: env.EPOQUE_ENDPOINT,
    maxDurationSeconds: deployed.maxDurationSeconds,
    random: Math.random,
    run: supervisor(
      {
        environment: userEnvironment(process.env),
        heapMegabytes: Math.max(64, env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE - RESERVED_MEGABYTES),
      },
      clock,
    ),
    writeLine: (line) => process.stdout.write(`${line}\n`),
  }),
);
