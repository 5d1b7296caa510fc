import { Names } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { EventSourceMappingOptions, Function as Lambda } from "aws-cdk-lib/aws-lambda";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { IConstruct } from "constructs";
import { acknowledgeWildcard } from "./acknowledge.ts";

// Grants of single actions: the CDK's own allow more than our code does.

type Conditions = Record<string, Record<string, unknown>>;

/** Lets `grantee` do these actions of a service (`s3`, `sqs`, …) on these resources. */
export function grant(
  grantee: IGrantable,
  service: string,
  actions: readonly string[],
  resourceArns: string[],
  conditions?: Conditions,
): void {
  Grant.addToPrincipal({
    grantee,
    actions: actions.map((action) => `${service}:${action}`),
    resourceArns,
    ...(conditions && { conditions }),
  });
}

/** Lets `grantee` send to queues. */
export function grantSend(grantee: IGrantable, ...queueArns: string[]): void {
  grant(grantee, "sqs", ["SendMessage"], queueArns);
}

/** Lets `grantee` read the value of a secret, and not its description. */
export function grantSecret(grantee: IGrantable, { secretArn }: Secret): void {
  grant(grantee, "secretsmanager", ["GetSecretValue"], [secretArn]);
}

/** Lets `grantee` read the values of several secrets with one request. */
export function grantSecrets(grantee: IConstruct & IGrantable, ...secrets: Secret[]): void {
  for (const secret of secrets) grantSecret(grantee, secret);
  // Which secrets it reads is decided by the permission for each.
  grant(grantee, "secretsmanager", ["BatchGetSecretValue"], ["*"]);
  acknowledgeWildcard(grantee, "*", "BatchGetSecretValue has no resources; it reads what GetSecretValue may read.");
}

/** Lets `grantee` pass a role, or those of a path, to a service of AWS (`scheduler`, …). */
export function grantPassRole(grantee: IGrantable, roleArn: string, service: string): void {
  const toService = { StringEquals: { "iam:PassedToService": `${service}.amazonaws.com` } };
  grant(grantee, "iam", ["PassRole"], [roleArn], toService);
}

/** Actions that Lambda needs to feed a function from a queue, and those of our handlers. */
const READ_QUEUE = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility"];

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
  grant(lambda, "sqs", READ_QUEUE, [queue.queueArn]);
}
