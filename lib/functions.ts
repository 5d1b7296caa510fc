import { Duration, Token } from "aws-cdk-lib";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type FunctionManifest, isFifo, rejectsAboveConcurrency } from "../builder/manifest.ts";
import { DEFAULT_MEMORY_MEGABYTES, LAMBDA_TIMEOUT_SECONDS, RUNNER_RESERVE_SECONDS } from "../lambdas/core/limits.ts";
import type { EnvName } from "../lambdas/run/env.ts";
import { OptionError } from "./errors.ts";
import { readQueue } from "./grants.ts";
import type { InlineRole } from "./inline-role.ts";
import { functionLogGroupPrefix, physicalName } from "./naming.ts";
import { NodeLambda } from "./node-lambda.ts";
import type { FunctionOptions } from "./options.ts";
import { messageQueue } from "./queue.ts";
import { grantRunner, runnerEnvironment, type UserFunctionProps } from "./runner.ts";
import { addTicks } from "./ticks.ts";
import { type UserVariables, userVariables } from "./user-variables.ts";

/** The runner takes 97 MB and an empty process 55 MB on Linux, and that process may fill a heap of 64 MB. */
const MIN_MEMORY_MEGABYTES = 256;

/** A function of the user on Lambda: its queue, and the Lambda that runs it. */
export class UserFunction extends Construct {
  readonly lambda: Lambda;
  readonly queue: Queue;
  readonly role: InlineRole;
  readonly #variables: UserVariables;

  constructor(scope: Construct, id: string, props: UserFunctionProps) {
    super(scope, id);
    const { manifest, scheduling, options } = props;
    // A slow start and a slow end are not the function's own time: where Lambda allows, they get a minute.
    const seconds = Math.min(
      LAMBDA_TIMEOUT_SECONDS,
      Math.ceil(manifest.maxDurationSeconds) + 4 * RUNNER_RESERVE_SECONDS,
    );
    const timeout = Duration.seconds(seconds);
    const queue = messageQueue(this, "Messages", {
      part: `fn-${manifest.name}`,
      fifo: isFifo(manifest),
      // The longest there is: if it followed `maxDuration`, a shorter one would reach the queue before the Lambda,
      // whose timeout must never be longer.
      readerTimeout: Duration.seconds(LAMBDA_TIMEOUT_SECONDS),
      deadLetters: scheduling.deadLetters,
    });

    const variables = userVariables(this, options);
    const { lambda, role } = new NodeLambda<EnvName>(this, "Run", {
      functionName: physicalName(this, `fn-${manifest.name}`),
      logGroupName: `${functionLogGroupPrefix(this)}${manifest.name}`,
      // Lambda takes 256 characters.
      description: `Runs ${manifest.name} of ${manifest.file}`.slice(0, 256),
      code: props.code,
      environment: runnerEnvironment(this, props, variables),
      memorySize: memorySizeOf(options, manifest),
      tracing: props.tracing,
      network: options,
      timeout,
      loops: true,
    });
    grantRunner(lambda, props, queue);
    readQueue(lambda, queue, { batchSize: 1, ...atMost(manifest) });
    // Lambda refuses a timeout that is longer than the queue's visibility: when both grow, the queue has to be first.
    lambda.node.addDependency(queue);
    addTicks(this, props);
    this.lambda = lambda;
    this.queue = queue;
    this.role = role;
    this.#variables = variables;
  }

  /** Ends our own rights: from now on it gets those that the user wants it to have, first those on their secrets. */
  completeRights(): void {
    this.role.complete();
    this.#variables.grantRead(this.lambda);
  }
}

/** @throws OptionError where the runner and the process of the user's code would not fit */
function memorySizeOf(options: FunctionOptions, { name, config }: FunctionManifest): number {
  const memorySize = options.memorySize ?? config.memory ?? DEFAULT_MEMORY_MEGABYTES;
  if (Token.isUnresolved(memorySize)) return memorySize;
  if (Number.isInteger(memorySize) && memorySize >= MIN_MEMORY_MEGABYTES && memorySize <= 10_240) return memorySize;
  throw new OptionError(
    "memorySize",
    `memorySize of ${name} must be a whole number of MB from ${MIN_MEMORY_MEGABYTES} to 10240, not ${memorySize}: ` +
      "the runner and the process that runs the function need some 150 MB before the function has any",
  );
}

// Only where the function asks for it: an idle mapping polls, and costs, less without it.
function atMost(manifest: FunctionManifest): { maxConcurrency?: number } {
  const { concurrency } = manifest;
  return concurrency === undefined || concurrency < 2 || rejectsAboveConcurrency(manifest)
    ? {}
    : { maxConcurrency: concurrency };
}
