import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import * as z from "zod/mini";
import { secretsClient } from "../aws/clients.ts";
import { deployedFunctions } from "../aws/deployed-functions.ts";
import { dynamoSchedules } from "../aws/dynamodb/schedules.ts";
import { sharedPorts, tickPort } from "../aws/shared-ports.ts";
import { CronTick, Due, FollowUp, messageHandler, ScheduleTick } from "../aws/sqs-handler.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { secretValues } from "../aws/tokens.ts";
import { sendOn } from "../flows/dispatch.ts";
import { type FollowedUp, followUp } from "../flows/follow-up.ts";
import { makeTicks } from "../flows/make-ticks.ts";
import { tick } from "../flows/tick.ts";
import type { LogEntry } from "../log/log.ts";
import { Env } from "./env.ts";

const env = Env.parse(process.env);
const { dynamodb, sqs, table, log, payloads, ports: shared } = sharedPorts(env);

const ports = {
  ...shared,
  functions: deployedFunctions(),
  payloads,
  schedules: dynamoSchedules(dynamodb, table, clock),
  tokens: { signingKeys: secretValues(secretsClient(), env.EPOQUE_SIGNING_KEY_SECRET, clock) },
  ticks: tickPort(sqs, env),
};

/** Sends messages due within the second to their function's queue; the others wait another round. Makes follow-ups. */
const handleDue = messageHandler(z.union([Due, FollowUp]), { sqs, log }, async (message, { requestId }) => {
  if ("looks" in message) {
    logFollowUp(await followUp(ports, message), { requestId, executionId: message.executionId });
    return;
  }
  await sendOn(ports, message);
  const { executionId, functionName } = message;
  log({ message: "message sent on", requestId, function: functionName, executionId });
});

/** Makes the executions of ticks. */
const handleTicks = messageHandler(z.union([CronTick, ScheduleTick]), { sqs, log }, async (message, { requestId }) => {
  if (!("schedule" in message)) {
    const { executionId, isNew } = await tick(ports, message);
    log({ message: "ticked", requestId, function: message.functionName, executionId }, isNew ? { enqueued: 1 } : {});
    return;
  }
  const result = await makeTicks(ports, message);
  const about = { requestId, schedule: message.schedule };
  if ("made" in result) logMade(result.made, about);
  else if ("held" in result) log({ message: "tick held", ...about, remainingMs: result.held });
  else log({ message: "tick dropped", ...about, reason: result.dropped });
});

// A line for each execution, so that each is found by its id.
function logMade(made: readonly { executionId: string }[], about: Pick<LogEntry, "requestId" | "schedule">): void {
  for (const { executionId } of made) log({ message: "schedule ticked", ...about, executionId }, { enqueued: 1 });
  if (made.length === 0) log({ message: "schedule ticked", ...about });
}

function logFollowUp(result: FollowedUp, about: Pick<LogEntry, "requestId" | "executionId">): void {
  if ("made" in result)
    log({ message: "follow-up made", ...about, function: result.made.functionName }, { enqueued: 1 });
  else if ("held" in result) log({ message: "follow-up held", ...about });
  else if ("dropped" in result) log({ message: "follow-up dropped", ...about, reason: result.dropped });
  else log({ level: "ERROR", message: "follow-up refused", ...about, reason: result.refused });
}

/** A tick counts only where no function can write: in the queue of ticks. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const isTicks = event.Records[0]?.eventSourceARN === env.EPOQUE_TICK_QUEUE_ARN;
  return isTicks ? handleTicks(event, context) : handleDue(event, context);
}
