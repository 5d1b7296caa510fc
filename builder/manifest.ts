import * as z from "zod";
import type { FunctionConfig } from "../client/function.ts";
import { parseCron } from "../lambdas/core/cron.ts";
import type { Compute } from "../lambdas/core/functions.ts";
import { functionId } from "../lambdas/core/ids.ts";
import { MAX_FARGATE_SECONDS, MAX_LAMBDA_SECONDS, MAX_RETRY_SECONDS } from "../lambdas/core/limits.ts";
import type { RetryPolicy } from "../lambdas/core/retry.ts";
import { parseConfig } from "./function-config.ts";
import { issueMessage } from "./issue-message.ts";
import { retryPolicyOf } from "./retry-metadata.ts";

/** Settings of a function, from its own `defer(fn, config)`. */
export interface FunctionManifest {
  name: string;
  id: string;
  /** Its source, relative to the user's project, with slashes. */
  file: string;
  retry: RetryPolicy;
  concurrency?: number;
  maxConcurrencyAction?: "keep" | "cancel";
  maxDurationSeconds: number;
  compute: Compute;
  /** The text as it was written, which `parseCron` reads. */
  cron?: string;
  /** Whether every attempt gets a new process. */
  fresh: boolean;
  /** The file's own `config`. */
  config: FunctionConfig;
}

/** In one line why there is no manifest. */
export interface ManifestProblem {
  problem: string;
  /** Whether it is that the module exports something else than a deferred function. */
  isNotDeferred?: boolean;
}

/** A manifest, and what its author should know. */
export type ManifestResult = { manifest: FunctionManifest; warnings: string[] } | ManifestProblem;

/** The metadata version of clients before 1.9, which keep the first `DEFER_TOKEN` they see. */
const LAST_VERSION_THAT_KEEPS_ITS_TOKEN = 4;

/** Metadata of a function, as its module exports it. */
export interface ManifestSource {
  metadata: unknown;
  config?: unknown;
}

/** Its queue and its Lambda carry the name: SQS takes 80 of these characters, Lambda 64, ours come before. */
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,47}$/;

type Issue = { input?: unknown };

/** Says what must be there, and what is. */
const mustBe = (what: string) => ({
  error: ({ input }: Issue) =>
    input === undefined ? `${what}, and is missing` : `${what}, not ${JSON.stringify(input)}`,
});

const atLeast = (least: number, what: string) =>
  z.number(mustBe(`${what} must be a number`)).min(least, mustBe(`${what} must be ${least} or more`));

/** Source: Lambda CreateFunction, MemorySize. */
const MAX_LAMBDA_MEMORY = 10_240;

const NO_NAME = "the function has no name; write: async function yourName() { … }";

const TWO_WAYS =
  'config.concurrency lets executions wait, and maxConcurrencyAction "cancel" forbids them to: leave one of them out';

const TWO_LIMITS =
  "on Fargate concurrency and config.concurrency both say how many tasks run at once: leave one of them out";

const Metadata = z.object({
  version: z.unknown().optional(),
  name: z
    .string({ error: NO_NAME })
    .min(1, { error: NO_NAME, abort: true })
    .regex(
      NAME,
      mustBe(
        "a function's name must begin with a letter or _, and have up to 48 letters (a-z, A-Z), digits, _ and - in all",
      ),
    ),
  retry: z.preprocess(
    retryPolicyOf,
    z.object(
      {
        maxAttempts: atLeast(0, "retry.maxAttempts").int(mustBe("retry.maxAttempts must be a whole number")),
        initialInterval: atLeast(0, "retry.initialInterval"),
        randomizationFactor: atLeast(0, "retry.randomizationFactor").max(
          1,
          mustBe("retry.randomizationFactor must be 1 or less"),
        ),
        multiplier: atLeast(0, "retry.multiplier"),
        maxInterval: atLeast(0, "retry.maxInterval").max(
          MAX_RETRY_SECONDS,
          mustBe(`retry.maxInterval must be ${MAX_RETRY_SECONDS} seconds or less (a year)`),
        ),
      },
      mustBe("retry must be a number, true or an object"),
    ),
  ),
  concurrency: atLeast(1, "concurrency")
    .int(mustBe("concurrency must be a whole number"))
    .max(1000, mustBe("concurrency must be 1000 or less (Lambda runs no more messages of a queue at once)"))
    .nullish(),
  maxConcurrencyAction: z.enum(["keep", "cancel"], mustBe('maxConcurrencyAction must be "keep" or "cancel"')).nullish(),
  maxDuration: z
    .number(mustBe("maxDuration must be a number of seconds"))
    .positive(mustBe("maxDuration must be more than 0 seconds"))
    .nullish(),
  cron: z
    .string(mustBe("the cron expression must be text"))
    .superRefine((text, context) => {
      const cron = parseCron(text);
      if ("problem" in cron) context.addIssue(cron.problem);
    })
    .optional(),
});

/**
 * The manifest in what a function says of itself: its `__metadata`, and the `config` beside it.
 * @returns all that is wrong, in one line, if it cannot be used
 */
export function parseManifest({ metadata, config = {} }: ManifestSource, file: string): ManifestResult {
  const parsed = Metadata.safeParse(metadata, { error: issueMessage("the metadata") });
  const checked = parseConfig(config);
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map(({ message }) => message)),
    ...("problem" in checked ? [checked.problem] : []),
    ...(parsed.success && parsed.data.maxConcurrencyAction === "cancel" && "concurrency" in checked ? [TWO_WAYS] : []),
    ...(parsed.success && !("problem" in checked) ? computeProblems(parsed.data, checked) : []),
  ];
  if (!parsed.success || "problem" in checked || problems.length > 0) return { problem: problems.join("; ") };
  const { version, name, retry, concurrency, maxConcurrencyAction, maxDuration, cron } = parsed.data;
  const keepsItsToken = typeof version === "number" && version <= LAST_VERSION_THAT_KEEPS_ITS_TOKEN;
  const manifest: FunctionManifest = {
    name,
    id: functionId(name),
    file,
    retry: {
      maxAttempts: retry.maxAttempts,
      initialIntervalSeconds: retry.initialInterval,
      randomizationFactor: retry.randomizationFactor,
      multiplier: retry.multiplier,
      maxIntervalSeconds: retry.maxInterval,
    },
    // Plain JavaScript may say null for "not set", as Defer let it.
    ...(concurrency != null && { concurrency }),
    ...(maxConcurrencyAction != null && { maxConcurrencyAction }),
    maxDurationSeconds: Math.min(maxDuration ?? MAX_LAMBDA_SECONDS, MAX_FARGATE_SECONDS),
    compute: computeOf(maxDuration, checked),
    ...(cron !== undefined && { cron }),
    fresh: checked.fresh === true || keepsItsToken,
    config: checked,
  };
  return { manifest, warnings: durationWarnings(maxDuration) };
}

/** Returns the place a function runs: on Fargate if it asks for that, or for more time than Lambda allows. */
function computeOf(maxDuration: number | null | undefined, { compute }: FunctionConfig): Compute {
  return compute ?? ((maxDuration ?? 0) > MAX_LAMBDA_SECONDS ? "fargate" : "lambda");
}

function computeProblems(
  { maxDuration, concurrency }: Pick<z.output<typeof Metadata>, "maxDuration" | "concurrency">,
  config: FunctionConfig,
): string[] {
  if (computeOf(maxDuration, config) === "fargate") {
    return concurrency != null && config.concurrency !== undefined ? [TWO_LIMITS] : [];
  }
  return [
    ...((maxDuration ?? 0) > MAX_LAMBDA_SECONDS
      ? [`maxDuration is ${maxDuration} seconds, and Lambda allows ${MAX_LAMBDA_SECONDS}: leave config.compute out`]
      : []),
    ...((config.memory ?? 0) > MAX_LAMBDA_MEMORY
      ? [
          `config.memory is ${config.memory}, and Lambda has ${MAX_LAMBDA_MEMORY} at most; config.compute "fargate" has more`,
        ]
      : []),
  ];
}

function durationWarnings(maxDuration: number | null | undefined): string[] {
  if (maxDuration == null || maxDuration <= MAX_FARGATE_SECONDS) return [];
  return [
    `maxDuration is ${maxDuration} seconds, and ${MAX_FARGATE_SECONDS} (a day) is the longest: what runs longer fails with ER0001`,
  ];
}

/** One at a time and in order: what a FIFO queue with one message group does, and on Fargate a lane with one slot. */
export function isFifo(manifest: FunctionManifest): boolean {
  return manifest.compute === "lambda" && manifest.concurrency === 1 && !rejectsAboveConcurrency(manifest);
}

/** Whether executions that become due while `concurrency` run are cancelled: then the queue must hold nothing back. */
export function rejectsAboveConcurrency({ concurrency, maxConcurrencyAction }: FunctionManifest): boolean {
  return concurrency !== undefined && maxConcurrencyAction === "cancel";
}
