import { randomUUID } from "node:crypto";
import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Dispatcher } from "../core/ports.ts";
import { encodeDueMessage } from "./encode-due-message.ts";

export interface QueueUrls {
  /** The URL of a function's queue is this and the function's name (and `.fifo`). */
  functionPrefix: string;
  fire: string;
}

/** The queues on SQS. */
export function sqsDispatcher(client: SQSClient, urls: QueueUrls): Dispatcher {
  return {
    async toFunction(message, { fifo, delaySeconds }) {
      const url = `${urls.functionPrefix}${message.functionName}`;
      await client.send(
        new SendMessageCommand({
          ...(fifo ? { QueueUrl: `${url}.fifo`, ...inOrder() } : { QueueUrl: url, DelaySeconds: delaySeconds }),
          MessageBody: encodeDueMessage(message),
        }),
      );
    },

    async backlog(functionName, { fifo }) {
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: `${urls.functionPrefix}${functionName}${fifo ? ".fifo" : ""}`,
          AttributeNames: ["ApproximateNumberOfMessages"],
        }),
      );
      return Number(Attributes?.["ApproximateNumberOfMessages"] ?? 0);
    },

    async toFire(message, delaySeconds) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: urls.fire,
          DelaySeconds: delaySeconds,
          MessageBody: encodeDueMessage(message),
        }),
      );
    },
  };
}

// One group per queue: one message at a time, in order of arrival. SQS must not drop what is sent again on purpose: a
// message that comes twice is stale the second time.
function inOrder(): { MessageGroupId: string; MessageDeduplicationId: string } {
  return { MessageGroupId: "all", MessageDeduplicationId: randomUUID() };
}
