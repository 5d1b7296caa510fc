import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from "aws-lambda";
import * as z from "zod";
import type { ExecutionId } from "../core/ids.ts";
import type { DueMessage } from "../core/ports.ts";

/** What the functions' queues carry. */
export const Due = z.object({
  executionId: z.uuid().transform((id) => id as ExecutionId),
  revision: z.int().min(0),
  functionName: z.string().min(1),
  dueAtMs: z.int(),
});

/** A tick of a function's cron, as Scheduler sends it to the fire queue; `lib/cron.ts` writes it into the schedule. */
export const Tick = z.object({
  functionName: z.string().min(1),
  tick: z.iso.datetime().transform((text) => Date.parse(text)),
});

/** The body of a message in the queues. */
export function encodeDueMessage(message: DueMessage): string {
  return JSON.stringify(message);
}

/**
 * A Lambda handler for a queue of messages that are as `schema` says. A message that fails is reported on its own: SQS
 * delivers it again when its visibility timeout ends, and moves it to the dead-letter queue in the end.
 */
export function messageHandler<Message>(schema: z.ZodType<Message>, process: (message: Message) => Promise<void>) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchItemFailure[] = [];
    for (const record of event.Records) {
      try {
        await process(schema.parse(JSON.parse(record.body)));
      } catch (error) {
        const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
        console.error(
          JSON.stringify({
            level: "ERROR",
            message: "a due message failed and will be delivered again",
            messageId: record.messageId,
            error: { name, message, stack },
          }),
        );
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };
}
