import * as z from "zod/mini";
import { documentClient, secretsClient, sqsClient } from "../aws/clients.ts";
import { deployedFunctions } from "../aws/deployed-functions.ts";
import { sqsDispatcher } from "../aws/dispatcher.ts";
import { dynamoExecutions } from "../aws/dynamodb/executions.ts";
import { publishing } from "../aws/events.ts";
import { writeLogLine } from "../aws/log.ts";
import { Due, messageHandler, Tick } from "../aws/sqs-handler.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { secretValues } from "../aws/tokens.ts";
import { sendOn } from "../flows/dispatch.ts";
import { tick } from "../flows/tick.ts";
import { createLog } from "../log/log.ts";
import { Env } from "./env.ts";

const env = Env.parse(process.env);
const sqs = sqsClient();
const log = createLog({ namespace: env.EPOQUE_NAMESPACE, now: clock.now, writeLine: writeLogLine });

const ports = {
  clock,
  functions: deployedFunctions(),
  executions: publishing(
    dynamoExecutions(
      documentClient(),
      { tableName: env.EPOQUE_EXECUTIONS_TABLE, shards: env.EPOQUE_SHARDS, retentionDays: env.EPOQUE_RETENTION_DAYS },
      clock,
    ),
    env.EPOQUE_EVENT_BUS,
    log,
  ),
  tokens: { signingKeys: secretValues(secretsClient(), env.EPOQUE_SIGNING_KEY_SECRET, clock) },
  dispatcher: sqsDispatcher(sqs, {
    functionPrefix: env.EPOQUE_QUEUE_URL_PREFIX,
    fire: env.EPOQUE_FIRE_QUEUE_URL,
  }),
};

/** Sends messages due within the second to their function's queue; the others wait another round. */
export const handler = messageHandler(z.union([Due, Tick]), { sqs, log }, async (message, { requestId }) => {
  const about = { requestId, function: message.functionName };
  if ("tick" in message) {
    const { executionId, isNew } = await tick(ports, { functionName: message.functionName, atMs: message.tick });
    log({ message: "ticked", ...about, executionId }, isNew ? { enqueued: 1 } : {});
  } else {
    await sendOn(ports, message);
    log({ message: "message sent on", ...about, executionId: message.executionId });
  }
});
