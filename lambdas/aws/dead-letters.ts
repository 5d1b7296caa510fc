import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { DeadLetter, DeadLetters } from "../core/ports.ts";
import { parseDue } from "./sqs-handler.ts";

/** A letter that was read and not removed is hidden for so long: less than the time from one sweep to the next. */
const HIDDEN_SECONDS = 45;

/** Source: SQS ReceiveMessage, MaxNumberOfMessages. */
const MAX_MESSAGES = 10;

/** The dead-letter queues on SQS. What is not about an execution stays there, for whoever the alarm calls. */
export function sqsDeadLetters(client: SQSClient, queueUrls: readonly string[]): DeadLetters {
  return {
    async *read() {
      for (const [queue, QueueUrl] of queueUrls.entries()) {
        for (;;) {
          const { Messages = [] } = await client.send(
            new ReceiveMessageCommand({
              QueueUrl,
              MaxNumberOfMessages: MAX_MESSAGES,
              VisibilityTimeout: HIDDEN_SECONDS,
            }),
          );
          if (Messages.length === 0) break;
          yield Messages.flatMap(({ Body = "", ReceiptHandle }): DeadLetter[] => {
            const message = parseDue(Body);
            return message === undefined ? [] : [{ message, receipt: `${queue} ${ReceiptHandle}` }];
          });
        }
      }
    },

    async remove({ receipt }) {
      const [queue = "", ReceiptHandle] = receipt.split(" ");
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrls[Number(queue)], ReceiptHandle }));
    },
  };
}
