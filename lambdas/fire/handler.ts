import * as z from "zod";
import { documentClient, secretsClient, sqsClient } from "../aws/clients.ts";
import { deployedFunctions } from "../aws/deployed-functions.ts";
import { sqsDispatcher } from "../aws/dispatcher.ts";
import { Due, messageHandler, Tick } from "../aws/due-message.ts";
import { dynamoExecutions } from "../aws/dynamodb/executions.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { secretValues } from "../aws/tokens.ts";
import { sendOn } from "../flows/dispatch.ts";
import { tick } from "../flows/tick.ts";
import { Env } from "./env.ts";

const env = Env.parse(process.env);
const ports = {
  clock,
  functions: deployedFunctions(),
  executions: dynamoExecutions(
    documentClient(),
    { tableName: env.EPOQUE_EXECUTIONS_TABLE, shards: env.EPOQUE_SHARDS },
    clock,
  ),
  tokens: { signingKeys: secretValues(secretsClient(), env.EPOQUE_SIGNING_KEY_SECRET, clock) },
  dispatcher: sqsDispatcher(sqsClient(), {
    functionPrefix: env.EPOQUE_QUEUE_URL_PREFIX,
    fire: env.EPOQUE_FIRE_QUEUE_URL,
  }),
};

/** What is due now, or within the second, goes on to its function's queue; the rest waits another round. */
export const handler = messageHandler(z.union([Due, Tick]), (message) =>
  "tick" in message ? tick(ports, { functionName: message.functionName, atMs: message.tick }) : sendOn(ports, message),
);
