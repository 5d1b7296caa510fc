import * as z from "zod/mini";
import { bulkQueue, common, dispatching, type NamesIn, signingKey, text, ticking } from "../env/variables.ts";
import { executionTokens } from "./authenticate.ts";

/** Environment of the API's Lambda; `lib/api.ts` sets exactly these. */
export const Env = z.object({
  ...common,
  ...dispatching,
  ...ticking,
  ...signingKey,
  ...bulkQueue,
  EPOQUE_API_TOKEN_SECRET: text(),
  /** The log group of a function's Lambda is this and the function's name. */
  EPOQUE_LOG_GROUP_PREFIX: text(),
  EPOQUE_EXECUTION_TOKENS: z.enum(executionTokens),
});

export type EnvName = NamesIn<z.input<typeof Env>>;
