import { Stack, Token } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { OptionError } from "./errors.ts";

/** Under this key a construct keeps what the names of all within it begin with. */
const PREFIX = "epoque:name";

/** Longest name of a Lambda function or a schedule, and of an SQS queue with its `.fifo`. */
const MAX_CHARACTERS = 64;
export const MAX_QUEUE_CHARACTERS = 80;

/** The physical name of a part of the stateless stack: what a person looks for in the AWS console. */
export function physicalName(scope: Construct, part: string, most = MAX_CHARACTERS): string {
  const name = `${namePrefix(scope)}-${part}`;
  if (name.length > most) {
    throw new OptionError(
      "name",
      `the name ${name} has ${name.length} characters, and AWS takes ${most} for it; ` +
        'give the Epoque a shorter one by its property "name"',
    );
  }
  return name;
}

/**
 * Returns the beginning of the URL of a function's queue. It is put together instead of listed, since the URLs of all
 * queues do not fit the 4 KB of a Lambda's environment.
 */
export function functionQueueUrlPrefix(scope: Construct): string {
  const { region, urlSuffix, account } = Stack.of(scope);
  return `https://sqs.${region}.${urlSuffix}/${account}/${physicalName(scope, "fn-")}`;
}

/** The log group of a function's Lambda is this and the function's name: a record that names one could be forged. */
export function functionLogGroupPrefix(scope: Construct): string {
  return `/epoque/${namePrefix(scope)}-fn-`;
}

/**
 * Returns the log group of all tasks: no function's, whose name has no slash; `lambdas/aws/worker-log.ts` says the
 * same.
 */
export function taskLogGroupName(scope: Construct): string {
  return `${functionLogGroupPrefix(scope)}/tasks`;
}

/** Namespace of this deployment's own metrics in CloudWatch: two deployments in one account stay apart. */
export function metricNamespace(scope: Construct): string {
  return namePrefix(scope);
}

/**
 * Makes `name`, or else the stack's name and the way to `scope` in it, what all names within `scope` begin with. Called
 * before anything is made in it.
 */
export function setNamePrefix(scope: Construct, name = namePlace(scope)): void {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    throw new OptionError(
      "name",
      `the name ${JSON.stringify(name)} cannot be part of the names in AWS; ` +
        'give the Epoque another by its property "name": a letter first, then letters, digits, - and _',
    );
  }
  scope.node.setContext(PREFIX, name);
}

function namePrefix(scope: Construct): string {
  return (scope.node.tryGetContext(PREFIX) as string | undefined) ?? Stack.of(scope).stackName;
}

function namePlace(scope: Construct): string {
  const { stackName, node } = Stack.of(scope);
  if (Token.isUnresolved(stackName)) {
    throw new OptionError(
      "name",
      'the name of a nested stack is not known yet; give the Epoque one by its property "name"',
    );
  }
  const ids = scope.node.scopes.slice(node.scopes.length).map(({ node: { id } }) => id);
  return [stackName, ...ids].join("-");
}
