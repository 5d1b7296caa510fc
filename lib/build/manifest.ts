import * as z from "zod";
import { functionId } from "../../lambdas/core/ids.ts";
import { MAX_DURATION_SECONDS } from "../../lambdas/core/limits.ts";

/** What a function wants, by its own `defer(fn, config)`. */
export interface FunctionManifest {
  name: string;
  id: string;
  /** Its source, relative to the user's project, with slashes. */
  file: string;
  retry: {
    /** Number of retries after the first attempt. */
    maxAttempts: number;
    initialIntervalSeconds: number;
    randomizationFactor: number;
    multiplier: number;
    maxIntervalSeconds: number;
  };
  concurrency?: number;
  maxConcurrencyAction?: "keep" | "cancel";
  maxDurationSeconds: number;
  /** Five unix fields. */
  cron?: string;
}

/** Its queue and its Lambda carry the name: SQS takes 80 of these characters, Lambda 64, ours come before. */
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,47}$/;

const atLeast = (least: number, what: string) =>
  z.number(`${what} must be a number`).min(least, `${what} must be ${least} or more`);

const Metadata = z.object({
  name: z
    .string()
    .min(1, "the function has no name; write: async function yourName() { … }")
    .regex(NAME, "a function's name must begin with a letter or _, and have up to 48 letters, digits, _ and - in all"),
  retry: z.object({
    maxAttempts: atLeast(0, "retry.maxAttempts").int("retry.maxAttempts must be a whole number"),
    initialInterval: atLeast(0, "retry.initialInterval"),
    randomizationFactor: atLeast(0, "retry.randomizationFactor").max(1, "retry.randomizationFactor must be 1 or less"),
    multiplier: atLeast(0, "retry.multiplier"),
    maxInterval: atLeast(0, "retry.maxInterval"),
  }),
  concurrency: atLeast(1, "concurrency")
    .int("concurrency must be a whole number")
    .max(1000, "concurrency must be 1000 or less: Lambda runs no more messages of a queue at once")
    .optional(),
  maxConcurrencyAction: z.enum(["keep", "cancel"], 'maxConcurrencyAction must be "keep" or "cancel"').optional(),
  maxDuration: z
    .number("maxDuration must be a number of seconds")
    .positive("maxDuration must be more than 0 seconds")
    .max(
      MAX_DURATION_SECONDS,
      `maxDuration must be ${MAX_DURATION_SECONDS} seconds or less: Lambda allows 900, and the end has to be written down`,
    )
    .optional(),
  cron: z
    .string("the cron expression must be text")
    .refine(
      (text) => text.trim().split(/\s+/).length === 5,
      "the cron expression must have five fields: minute hour day month weekday",
    )
    .optional(),
});

/** The manifest in a function's `__metadata`; or what is wrong with it, in one line. */
export function parseMetadata(metadata: unknown, file: string): FunctionManifest | { problem: string } {
  const parsed = Metadata.safeParse(metadata);
  if (!parsed.success) return { problem: parsed.error.issues.map(({ message }) => message).join("; ") };
  const { name, retry, concurrency, maxConcurrencyAction, maxDuration = MAX_DURATION_SECONDS, cron } = parsed.data;
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
    ...(concurrency !== undefined && { concurrency }),
    ...(maxConcurrencyAction !== undefined && { maxConcurrencyAction }),
    maxDurationSeconds: maxDuration,
    ...(cron !== undefined && { cron }),
  };
}

/** One at a time and in order: what a FIFO queue with one message group does. */
export function isFifo({ concurrency }: FunctionManifest): boolean {
  return concurrency === 1;
}
