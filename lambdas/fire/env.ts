import * as z from "zod";

/** What the fire Lambda is told by its stack; `lib/scheduling.ts` sets exactly these. */
export const Env = z.object({
  EPOQUE_QUEUE_URL_PREFIX: z.url(),
  EPOQUE_FIRE_QUEUE_URL: z.url(),
});

export type EnvName = keyof z.input<typeof Env>;
