import * as z from "zod";
import { parseCron } from "../lambdas/core/cron.ts";
import { functionId } from "../lambdas/core/ids.ts";
import { MAX_DURATION_SECONDS, RUNNER_RESERVE_SECONDS } from "../lambdas/core/limits.ts";
import type { RetryPolicy } from "../lambdas/core/retry.ts";

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
  /** As it was written: what `parseCron` reads. */
  cron?: string;
}

/** Its queue and its Lambda carry the name: SQS takes 80 of these characters, Lambda 64, ours come before. */
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,47}$/;

type Issue = { input?: unknown };

/** Says what must be there, and what is. */
const mustBe = (what: string) => ({ error: ({ input }: Issue) => `${what}, not ${JSON.stringify(input)}` });

const atLeast = (least: number, what: string) =>
  z.number(mustBe(`${what} must be a number`)).min(least, mustBe(`${what} must be ${least} or more`));

const Metadata = z.object({
  name: z
    .string()
    .min(1, { error: "the function has no name; write: async function yourName() { … }", abort: true })
    .regex(
      NAME,
      mustBe(
        "a function's name must begin with a letter or _, and have up to 48 letters (a-z, A-Z), digits, _ and - in all",
      ),
    ),
  retry: z.object({
    maxAttempts: atLeast(0, "retry.maxAttempts").int(mustBe("retry.maxAttempts must be a whole number")),
    initialInterval: atLeast(0, "retry.initialInterval"),
    randomizationFactor: atLeast(0, "retry.randomizationFactor").max(
      1,
      mustBe("retry.randomizationFactor must be 1 or less"),
    ),
    multiplier: atLeast(0, "retry.multiplier"),
    maxInterval: atLeast(0, "retry.maxInterval"),
  }),
  concurrency: atLeast(1, "concurrency")
    .int(mustBe("concurrency must be a whole number"))
    .max(1000, mustBe("concurrency must be 1000 or less (Lambda runs no more messages of a queue at once)"))
    .nullish(),
  maxConcurrencyAction: z.enum(["keep", "cancel"], mustBe('maxConcurrencyAction must be "keep" or "cancel"')).nullish(),
  maxDuration: z
    .number(mustBe("maxDuration must be a number of seconds"))
    .positive(mustBe("maxDuration must be more than 0 seconds"))
    .max(
      MAX_DURATION_SECONDS,
      mustBe(
        `maxDuration must be ${MAX_DURATION_SECONDS} seconds or less (Lambda allows 900, ` +
          `and the last ${RUNNER_RESERVE_SECONDS} are needed to write down the end)`,
      ),
    )
    .nullish(),
  cron: z
    .string(mustBe("the cron expression must be text"))
    .superRefine((text, context) => {
      const cron = parseCron(text);
      if ("problem" in cron) context.addIssue(cron.problem);
    })
    .optional(),
});

/** The manifest in a function's `__metadata`; or what is wrong with it, in one line. */
export function parseMetadata(metadata: unknown, file: string): FunctionManifest | { problem: string } {
  const parsed = Metadata.safeParse(metadata);
  if (!parsed.success) return { problem: parsed.error.issues.map(({ message }) => message).join("; ") };
  const { name, retry, concurrency, maxConcurrencyAction, maxDuration, cron } = parsed.data;
  return {
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
    maxDurationSeconds: maxDuration ?? MAX_DURATION_SECONDS,
    ...(cron !== undefined && { cron }),
  };
}

/** One at a time and in order: what a FIFO queue with one message group does. */
export function isFifo(manifest: FunctionManifest): boolean {
  return manifest.concurrency === 1 && !rejectsAboveConcurrency(manifest);
}

/** Whether executions that become due while `concurrency` run are cancelled: then the queue must hold nothing back. */
export function rejectsAboveConcurrency({ concurrency, maxConcurrencyAction }: FunctionManifest): boolean {
  return concurrency !== undefined && maxConcurrencyAction === "cancel";
}
