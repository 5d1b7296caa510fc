import { REGION } from "../account.ts";
import type { InvocationOutcome } from "../runtime/environment.ts";

/** A message as `ReceiveMessage` answers it. */
export interface Message {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>;
}

/** Builds the event that Lambda makes of received messages. */
export function sqsEvent(messages: Message[], queueArn: string): unknown {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: messageAttributes(message),
      md5OfBody: message.MD5OfBody,
      eventSource: "aws:sqs",
      eventSourceARN: queueArn,
      awsRegion: REGION,
    })),
  };
}

function messageAttributes({ MessageAttributes = {} }: Message): unknown {
  return Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue, BinaryValue, DataType }]) => [
      name,
      {
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
}

/**
 * Returns the ids of failed messages: all if the function failed, otherwise those it reports where that is enabled. An
 * invalid report counts as a failure of all.
 */
export function failedIds(outcome: InvocationOutcome, messages: Message[], reportsItemFailures: boolean): Set<string> {
  const all = new Set(messages.map(({ MessageId = "" }) => MessageId));
  if ("error" in outcome) return all;
  if (!reportsItemFailures) return new Set();
  const answer = JSON.parse(outcome.payload) as { batchItemFailures?: unknown } | null;
  const failures = answer?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return all;
  const ids = failures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
  const isUnderstood = ids.every((id): id is string => typeof id === "string" && all.has(id));
  return isUnderstood ? new Set(ids) : all;
}
