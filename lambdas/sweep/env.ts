import * as z from "zod/mini";
import { bulkQueue, common, dispatching, type NamesIn, ticking } from "../env/variables.ts";

/** Environment of the sweep's Lambda; `lib/sweep.ts` sets exactly these. */
export const Env = z.object({
  ...common,
  ...dispatching,
  ...ticking,
  ...bulkQueue,
  EPOQUE_DEAD_LETTERS_URL: z.url(),
  EPOQUE_FIFO_DEAD_LETTERS_URL: z.url(),
});

export type EnvName = NamesIn<z.input<typeof Env>>;
