import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import * as z from "zod/mini";
import { $ZodError } from "zod/v4/core";
import { DomainError } from "../core/errors.ts";
import type { ExecutionId } from "../core/ids.ts";
import type { DueMessage } from "../core/ports.ts";
import { type Log, type LogEntry, loggedError } from "../log/log.ts";
import { fromJson } from "./from-json.ts";

const executionId = z.pipe(
  z.uuid(),
  z.transform((id) => id as ExecutionId),
);

/** Message of the functions' queues. */
export const Due = z.object({
  executionId,
  revision: z.int().check(z.gte(0)),
  functionName: z.string().check(z.minLength(1)),
  scheduledAtMs: z.int(),
  group: z.optional(z.string().check(z.regex(/^[!-~]{1,128}$/))),
  wasPutAside: z.optional(z.literal(true)),
});

/** Announcement of an end that has a follow-up. */
export const FollowUp = z.pipe(
  z.object({
    endedId: executionId,
    attempt: z.int().check(z.gte(1)),
    looks: z.int().check(z.gte(0)),
  }),
  z.transform(({ endedId, ...message }) => ({ executionId: endedId, ...message })),
);

/**
 * A tick of a function's cron, as Scheduler sends it to the queue of ticks; `lib/scheduling.ts` writes it into the
 * schedule.
 */
export const CronTick = z.pipe(
  z.object({
    functionName: z.string().check(z.minLength(1)),
    tick: z.iso.datetime(),
  }),
  z.transform(({ functionName, tick }) => ({ functionName, tickMs: Date.parse(tick) })),
);

/** Wakes a schedule up that was made at run time. */
export const ScheduleTick = z.object({
  schedule: z.string().check(z.minLength(1)),
  scheduleId: z.uuid(),
  revision: z.int().check(z.gte(0)),
  functionId: z.uuid(),
  ticks: z.object({
    rule: z.union([
      z.object({ cron: z.string(), timezone: z.string() }),
      z.object({ everySeconds: z.int().check(z.gte(1)), anchorMs: z.int() }),
    ]),
    startsAtMs: z.exactOptional(z.int()),
    endsAtMs: z.exactOptional(z.int()),
  }),
  tickMs: z.int(),
});

/** Asks for a step of a job. */
export const JobStep = z.object({
  jobId: z.uuid(),
  step: z.int().check(z.gte(0)),
});

/** The fields of messages that say whose they are. */
interface Addressed {
  executionId?: string;
  functionName?: string;
  /** Name of a schedule. */
  schedule?: string;
  jobId?: string;
  /** The launch of a task that has stopped. */
  launch?: Addressed;
}

/** The circumstances of a delivery. */
interface QueueDelivery {
  /** When Lambda will end this invocation. */
  deadlineMs: number;
  /** Keeps the message from others for so many seconds more. */
  hold: (seconds: number) => Promise<void>;
  /** Request id of the invocation. */
  requestId: string;
  /** How often the message was delivered, this time included. */
  receives: number;
}

/** A message that fails comes again after 2, 4, 8 … seconds, not after the visibility timeout: that may be hours. */
const MAX_BACKOFF_SECONDS = 300;

/** After this many receives, some 18 minutes, a message that can never succeed is given up. */
const MAX_POISON_RECEIVES = 10;

/**
 * A Lambda handler for a queue of messages that are as `schema` says. A message that fails is reported on its own: SQS
 * delivers it again soon, as long as an outage may last. Only what can never succeed is given up: a message that is not
 * as `schema` says, or names a function that is not deployed. (An older version may not know a message yet, and a
 * function may come back: so not at once.) The sweep recovers its execution.
 */
export function messageHandler<Message extends Addressed>(
  schema: z.ZodMiniType<Message>,
  { sqs, log }: { sqs: SQSClient; log: Log },
  process: (message: Message, delivery: QueueDelivery) => Promise<void>,
) {
  type HandlerContext = Pick<Context, "getRemainingTimeInMillis" | "awsRequestId">;
  return async (event: SQSEvent, context: HandlerContext): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchItemFailure[] = [];
    const deadlineMs = Date.now() + context.getRemainingTimeInMillis();
    const { awsRequestId: requestId } = context;
    // At once: one that waits for its tick holds up no other.
    await Promise.all(event.Records.map(handle));
    return { batchItemFailures };

    async function handle(record: SQSRecord): Promise<void> {
      const hold = (seconds: number) => changeVisibility(sqs, record, seconds);
      const body = fromJson(record.body);
      const receives = Number(record.attributes.ApproximateReceiveCount);
      let message: Message | undefined;
      try {
        message = schema.parse(body);
        await process(message, { deadlineMs, hold, requestId, receives });
      } catch (error) {
        const isGivenUp = receives >= MAX_POISON_RECEIVES && isPoison(error);
        log({
          level: "ERROR",
          message: isGivenUp ? "message given up" : "message failed and will be delivered again",
          requestId,
          messageId: record.messageId,
          ...subjectOf(message ?? {}),
          error: loggedError(error),
        });
        if (isGivenUp) return;
        batchItemFailures.push({ itemIdentifier: record.messageId });
        const backoffSeconds = isInTheWay(record, body) ? 1 : Math.min(MAX_BACKOFF_SECONDS, 2 ** receives);
        // Where even that fails it takes as long as the queue says.
        await hold(backoffSeconds).catch(() => {});
      }
    }
  };
}

// In a FIFO queue a message that fails holds up all others. One that was put aside before has had its time: it is put
// aside again within seconds, and comes back in a minute.
function isInTheWay({ eventSourceARN }: SQSRecord, body: unknown): boolean {
  return eventSourceARN.endsWith(".fifo") && Due.safeParse(body).data?.wasPutAside === true;
}

function isPoison(error: unknown): boolean {
  return error instanceof $ZodError || (error instanceof DomainError && error.kind === "bad_request");
}

async function changeVisibility(sqs: SQSClient, record: SQSRecord, seconds: number): Promise<void> {
  const [, , , region, account, name] = record.eventSourceARN.split(":");
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      // The host is the client's own; see `clients.ts`.
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      ReceiptHandle: record.receiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
}

/** Returns the due message in a text; `undefined` if it is none. */
export function parseDue(text: string): DueMessage | undefined {
  return Due.safeParse(fromJson(text)).data;
}

function subjectOf({ executionId, functionName, schedule, jobId, launch }: Addressed): Partial<LogEntry> {
  return launch === undefined ? { executionId, function: functionName, schedule, job: jobId } : subjectOf(launch);
}
