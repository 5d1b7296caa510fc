import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** The physical name of a part of the replaceable stack: what a person looks for in the AWS console. */
export function physicalName(scope: Construct, part: string): string {
  return `${Stack.of(scope).stackName}-${part}`;
}

/**
 * What the URL of a function's queue begins with. It is put together instead of listed, since the URLs of all queues do
 * not fit the 4 KB of a Lambda's environment.
 */
export function functionQueueUrlPrefix(scope: Construct): string {
  const { region, urlSuffix, account } = Stack.of(scope);
  return `https://sqs.${region}.${urlSuffix}/${account}/${physicalName(scope, "fn-")}`;
}
