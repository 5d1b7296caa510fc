import { Names } from "aws-cdk-lib";
import { Grant } from "aws-cdk-lib/aws-iam";
import type { EventSourceMappingOptions, Function as Lambda } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";

/** Actions that Lambda needs to feed a function from a queue, and those of our handlers. */
const ACTIONS = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility"];

/**
 * Feeds `lambda` from `queue`; each message that fails is reported on its own. The CDK's own event source would let the
 * function look up the queue's URL as well.
 */
export function readQueue(
  lambda: Lambda,
  queue: Queue,
  options: Pick<EventSourceMappingOptions, "batchSize" | "maxConcurrency">,
): void {
  // The CDK's name for it: under another one it would be made anew, and Lambda takes no two for the same queue.
  lambda.addEventSourceMapping(`SqsEventSource:${Names.nodeUniqueId(queue.node)}`, {
    eventSourceArn: queue.queueArn,
    reportBatchItemFailures: true,
    ...options,
  });
  const actions = ACTIONS.map((action) => `sqs:${action}`);
  Grant.addToPrincipal({ grantee: lambda, actions, resourceArns: [queue.queueArn] });
}
