import * as z from "zod";
import type { FunctionConfig } from "../client/function.ts";
import { issueMessage } from "./issue-message.ts";

const wholeFrom = (least: number, most: number) => z.int().min(least).max(most);
const text = z.string().min(1);
/** Metadata keys may be this long. */
const metadataKey = text.max(256);

const Config = z.strictObject({
  concurrency: z.strictObject({ per: metadataKey, limit: wholeFrom(1, 100) }).optional(),
  rateLimit: z
    .strictObject({
      limit: wholeFrom(1, 1_000_000),
      periodSeconds: wholeFrom(1, 31_536_000),
      burst: wholeFrom(1, 1_000_000).optional(),
      per: metadataKey.optional(),
    })
    .optional(),
  onFailure: text.optional(),
  onSuccess: text.optional(),
  startTimeoutSeconds: wholeFrom(1, 31_536_000).optional(),
  // The runner beside the function needs its own share; the largest task on Fargate has 120 GB.
  memory: wholeFrom(256, 122_880).optional(),
  fresh: z.boolean().optional(),
  external: z.array(text).optional(),
  include: z.array(text).optional(),
  compute: z.enum(["lambda", "fargate"]).optional(),
});

/** Checks a function's `config`, and returns it; or what is wrong with it, in one line. */
export function parseConfig(config: unknown): FunctionConfig | { problem: string } {
  const parsed = Config.safeParse(config, { error: issueMessage("config") });
  if (!parsed.success) return { problem: parsed.error.issues.map(({ message }) => message).join("; ") };
  // Optional keys that are not there are not undefined.
  return JSON.parse(JSON.stringify(parsed.data)) as FunctionConfig;
}
