import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import { arn } from "../../account.ts";
import {
  type DeployedState,
  nameFor,
  type ResourceContext,
  type ResourceHandler,
  withoutEffect,
} from "./resource-handler.ts";
import type { Services } from "./services.ts";

const Properties = z.strictObject({
  QueueName: z.string().optional(),
  FifoQueue: z.boolean().optional(),
  ContentBasedDeduplication: z.boolean().optional(),
  DelaySeconds: z.number().int().optional(),
  MaximumMessageSize: z.number().int().optional(),
  MessageRetentionPeriod: z.number().int().optional(),
  ReceiveMessageWaitTimeSeconds: z.number().int().optional(),
  VisibilityTimeout: z.number().int().optional(),
  RedrivePolicy: z
    .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int().min(1) })
    .optional(),
  // Without effect: throughput of a FIFO queue, encryption.
  DeduplicationScope: z.literal("queue").optional(),
  FifoThroughputLimit: withoutEffect,
  RedriveAllowPolicy: withoutEffect,
  SqsManagedSseEnabled: withoutEffect,
  KmsMasterKeyId: withoutEffect,
  KmsDataKeyReusePeriodSeconds: withoutEffect,
  Tags: withoutEffect,
});

type QueueProperties = z.infer<typeof Properties>;

/** `AWS::SQS::Queue`. */
export function sqsQueue({ sqs }: Services): ResourceHandler<QueueProperties> {
  return {
    properties: Properties,
    create: (properties, place) => put(sqs, properties, place),
    async update(properties, old, place) {
      if (properties.QueueName !== old.QueueName || properties.FifoQueue !== old.FifoQueue) return undefined;
      return put(sqs, properties, place);
    },
    async remove(_, { ref }) {
      await sqs.send(new DeleteQueueCommand({ QueueUrl: ref }));
    },
  };
}

/** Creates a queue, or sets the attributes of an existing one. */
async function put(sqs: SQSClient, properties: QueueProperties, place: ResourceContext): Promise<DeployedState> {
  const suffix = properties.FifoQueue ? ".fifo" : "";
  const QueueName = properties.QueueName ?? `${nameFor(place, 80 - suffix.length)}${suffix}`;
  const Attributes = attributes(properties);
  const fifo = properties.FifoQueue ? { FifoQueue: "true" } : undefined;
  const existing = await find(sqs, QueueName);
  if (existing !== undefined) await sqs.send(new SetQueueAttributesCommand({ QueueUrl: existing, Attributes }));
  const QueueUrl =
    existing ??
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { ...Attributes, ...fifo } }))).QueueUrl ??
    "";
  return { ref: QueueUrl, attributes: { Arn: arn("sqs", QueueName), QueueName, QueueUrl } };
}

async function find(sqs: SQSClient, QueueName: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

// All attributes, with the defaults of SQS: one that the template no longer names returns to its default.
function attributes(properties: QueueProperties): Record<string, string> {
  return {
    DelaySeconds: String(properties.DelaySeconds ?? 0),
    MaximumMessageSize: String(properties.MaximumMessageSize ?? 1_048_576),
    MessageRetentionPeriod: String(properties.MessageRetentionPeriod ?? 345_600),
    ReceiveMessageWaitTimeSeconds: String(properties.ReceiveMessageWaitTimeSeconds ?? 0),
    VisibilityTimeout: String(properties.VisibilityTimeout ?? 30),
    RedrivePolicy: properties.RedrivePolicy === undefined ? "" : JSON.stringify(properties.RedrivePolicy),
    ...(properties.FifoQueue && { ContentBasedDeduplication: String(properties.ContentBasedDeduplication ?? false) }),
  };
}
