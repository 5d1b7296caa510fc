import { randomUUID } from "node:crypto";
import {
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { DomainError } from "../core/errors.ts";
import type { ExecutionId } from "../core/ids.ts";
import type { AddressedMessage, Dispatcher, DueMessage } from "../core/ports.ts";
import { encodeDueMessage } from "./encode-due-message.ts";

export interface QueueUrls {
  /** The URL of a function's queue is this and the function's name (and `.fifo`). */
  functionPrefix: string;
  fire: string;
}

/** Source: SQS SendMessageBatch. */
const MAX_ENTRIES = 10;

/** The queues on SQS. */
export function sqsDispatcher(client: SQSClient, urls: QueueUrls): Dispatcher {
  const functionUrl = (name: string, fifo: boolean) => `${urls.functionPrefix}${name}${fifo ? ".fifo" : ""}`;
  return {
    async toFunction(message, { fifo, delaySeconds }) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: functionUrl(message.functionName, fifo),
          ...(fifo ? inOrder() : { DelaySeconds: delaySeconds, ...inGroup(message) }),
          MessageBody: encodeDueMessage(message),
        }),
      );
    },

    async sendMany(messages) {
      const urlOf = (each: AddressedMessage) =>
        each.to === "fire" ? urls.fire : functionUrl(each.message.functionName, each.fifo);
      const queues = Map.groupBy(messages, urlOf);
      const failed = await Promise.all(Array.from(queues, ([url, queued]) => sendToQueue(client, url, queued)));
      return new Map(failed.flat());
    },

    async backlog(functionName, { fifo }) {
      const { Attributes } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: functionUrl(functionName, fifo),
          AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        }),
      );
      return {
        waiting: Number(Attributes?.["ApproximateNumberOfMessages"] ?? 0),
        taken: Number(Attributes?.["ApproximateNumberOfMessagesNotVisible"] ?? 0),
      };
    },

    async announceEnd({ executionId, ...message }, delaySeconds) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: urls.fire,
          DelaySeconds: delaySeconds,
          // `FollowUp` of `sqs-handler.ts` reads it; older versions know this name of the id.
          MessageBody: JSON.stringify({ endedId: executionId, ...message }),
        }),
      );
    },

    async toFire(message, delaySeconds) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: urls.fire,
          DelaySeconds: delaySeconds,
          ...inGroup(message),
          MessageBody: encodeDueMessage(message),
        }),
      );
    },
  };
}

type Failure = [ExecutionId, unknown];

// One batch after the other where the order counts.
async function sendToQueue(client: SQSClient, url: string, messages: AddressedMessage[]): Promise<Failure[]> {
  const batches = Array.from({ length: Math.ceil(messages.length / MAX_ENTRIES) }, (_, index) =>
    messages.slice(index * MAX_ENTRIES, (index + 1) * MAX_ENTRIES),
  );
  const isFifo = messages.some((each) => each.to === "function" && each.fifo);
  if (!isFifo) return (await Promise.all(batches.map((batch) => sendBatch(client, url, batch)))).flat();
  const failed: Failure[] = [];
  for (const batch of batches) failed.push(...(await sendBatch(client, url, batch)));
  return failed;
}

async function sendBatch(client: SQSClient, url: string, messages: AddressedMessage[]): Promise<Failure[]> {
  try {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: messages.map((each, index) => ({
          Id: String(index),
          MessageBody: encodeDueMessage(each.message),
          ...(each.to === "function" && each.fifo
            ? inOrder()
            : { DelaySeconds: each.delaySeconds, ...inGroup(each.message) }),
        })),
      }),
    );
    return Failed.flatMap(({ Id, Code, Message }) => {
      const { message } = messages[Number(Id)] ?? {};
      const error = new DomainError("unavailable", `SQS did not take the message: ${Code} ${Message ?? ""}`);
      return message === undefined ? [] : [[message.executionId, error]];
    });
  } catch (error) {
    return messages.map(({ message }) => [message.executionId, error]);
  }
}

// A fair queue: the groups of a standard queue take turns. Source: SQS, Amazon SQS fair queues.
function inGroup({ group }: DueMessage): { MessageGroupId?: string } {
  return group === undefined ? {} : { MessageGroupId: group };
}

// One group per queue: one message at a time, in order of arrival. SQS must not drop what is sent again on purpose: a
// message that comes twice is stale the second time.
function inOrder(): { MessageGroupId: string; MessageDeduplicationId: string } {
  return { MessageGroupId: "all", MessageDeduplicationId: randomUUID() };
}
