import * as z from "zod";
import type { EpoqueProps } from "../lib/options.ts";

// From the command line (`-c name=value`) everything is text; in cdk.json it has its own type.
const fromText = (value: unknown) => {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
};
const whole = z.number().check(z.int(), z.gte(1));

const Context = z.strictObject({
  alarmEmail: z.string().optional(),
  executionTokens: z.enum(["tree", "full"]).optional(),
  console: z.preprocess(fromText, z.boolean()).optional(),
  iamAuth: z.preprocess(fromText, z.boolean()).optional(),
  events: z.preprocess(fromText, z.boolean()).optional(),
  tracing: z.preprocess(fromText, z.boolean()).optional(),
  shards: z.preprocess(fromText, whole).optional(),
  retentionDays: z.preprocess(fromText, whole).optional(),
  throttling: z
    .preprocess(fromText, z.strictObject({ requestsPerSecond: whole, burst: whole.exactOptional() }))
    .optional(),
  reservedConcurrency: z
    .preprocess(
      fromText,
      z.strictObject({
        api: whole.exactOptional(),
        fire: whole.exactOptional(),
        sweep: whole.exactOptional(),
        bulk: whole.exactOptional(),
      }),
    )
    .optional(),
});

/** Options of the stand-alone stacks that the CDK's context can set. */
export type ContextOptions = Pick<EpoqueProps, Extract<keyof z.infer<typeof Context>, keyof EpoqueProps>>;

/**
 * Reads the settings from the CDK's context: cdk.json, or `-c name=value`.
 * @throws Error naming the setting that is wrong
 */
export function readContext(get: (name: string) => unknown): ContextOptions {
  const given = Object.keys(Context.shape).map((name) => [name, get(name)] as const);
  const { success, data, error } = Context.safeParse(
    Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  );
  if (success) return data as ContextOptions;
  const [problem] = error.issues;
  throw new Error(`the context ${problem?.path.join(".") ?? ""} is wrong: ${problem?.message ?? ""}`);
}
