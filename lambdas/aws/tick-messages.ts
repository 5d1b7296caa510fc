import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { TickMessage, TickMessages } from "../core/ports.ts";
import type { ScheduleTarget } from "./schedules.ts";
import { lazySchedules } from "./timer.ts";

/** The queue of ticks on SQS, and EventBridge Scheduler for what is further ahead. */
export function tickMessages(client: SQSClient, queueUrl: string, target: ScheduleTarget): TickMessages {
  const schedules = lazySchedules(target);
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
    sendAt: async (message, atMs) => (await schedules()).create(nameOf(message), atMs, JSON.stringify(message)),
    takeBack: async (message) => (await schedules()).delete(nameOf(message)),
  };
}

// EventBridge takes 64 characters.
function nameOf({ scheduleId, revision, tickMs }: TickMessage): string {
  return `${scheduleId}-${revision}-${tickMs.toString(36)}`;
}
