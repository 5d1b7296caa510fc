import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { arn, stableUuid } from "../../account.ts";
import { nameFor, type ResourceContext, type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";

/** Lambda starts with five and scales up; the local cloud stays at five. */
const DEFAULT_CONCURRENCY = 5;

const Properties = z.strictObject({
  EventSourceArn: z.string().regex(/^arn:aws:sqs:/, "only queues can be event sources here"),
  FunctionName: z.string(),
  /** More than ten needs a batching window, which is unsupported. */
  BatchSize: z.number().int().min(1).max(10).default(10),
  MaximumBatchingWindowInSeconds: z.literal(0).optional(),
  FunctionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).optional(),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.number().int().min(2).max(1000).optional() }).optional(),
  Enabled: z.boolean().default(true),
  Tags: withoutEffect,
});

type MappingProperties = z.infer<typeof Properties>;

/** `AWS::Lambda::EventSourceMapping` of an SQS queue. */
export function eventSourceMapping({
  eventSources,
  lambda,
  policies,
  sqs,
}: Services): ResourceHandler<MappingProperties> {
  const put = async (properties: MappingProperties, place: ResourceContext) => {
    const id = stableUuid(nameFor(place));
    // A name or an ARN.
    const functionName = properties.FunctionName.split(":").at(-1) ?? "";
    const configuration = lambda.configuration(functionName);
    if (configuration === undefined) throw new Error(`there is no function ${functionName}`);
    const { timeoutSeconds, roleArn } = configuration;
    checkRole(policies, roleArn, properties.EventSourceArn);
    const { queueUrl, visibilitySeconds } = await queueOf(sqs, properties.EventSourceArn);
    if (timeoutSeconds > visibilitySeconds) {
      // As in Lambda: a message would become visible again while it is processed.
      throw new Error(
        `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
      );
    }
    eventSources.put(id, {
      queueUrl,
      queueArn: properties.EventSourceArn,
      functionName,
      batchSize: properties.BatchSize,
      maxConcurrency: properties.ScalingConfig?.MaximumConcurrency ?? DEFAULT_CONCURRENCY,
      reportsItemFailures: properties.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
      isEnabled: properties.Enabled,
    });
    return { ref: id, attributes: { Id: id, EventSourceMappingArn: arn("lambda", `event-source-mapping:${id}`) } };
  };
  return {
    properties: Properties,
    // Its function's or queue's timeouts may have changed.
    isAlwaysUpdated: true,
    create: put,
    update: (properties, _, place) => put(properties, place),
    async remove(_, { ref }) {
      eventSources.remove(ref);
    },
  };
}

/**
 * Permissions that Lambda checks for a queue: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const NEEDED = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];

function checkRole(policies: Services["policies"], role: string, resource: string): void {
  const context = { "aws:SecureTransport": "true" };
  for (const name of NEEDED) {
    if (policies.allows({ principal: { role }, action: `sqs:${name}`, resource, context })) continue;
    throw new Error(`The provided execution role does not have permissions to call ${name} on SQS`);
  }
}

async function queueOf(sqs: SQSClient, queueArn: string): Promise<{ queueUrl: string; visibilitySeconds: number }> {
  const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueArn.split(":").at(-1) }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] }),
  );
  return { queueUrl: QueueUrl, visibilitySeconds: Number(Attributes?.["VisibilityTimeout"]) };
}
