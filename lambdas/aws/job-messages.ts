import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { JobMessages } from "../core/ports.ts";

/** The queue of the bulk Lambda on SQS. */
export function jobMessages(client: SQSClient, queueUrl: string): JobMessages {
  return {
    async send(message, delaySeconds) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          DelaySeconds: delaySeconds,
          MessageBody: JSON.stringify(message),
        }),
      );
    },
  };
}
