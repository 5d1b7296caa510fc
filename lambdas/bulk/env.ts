import * as z from "zod/mini";
import { bulkQueue, common, dispatching, type NamesIn, signingKey } from "../env/variables.ts";

/** Environment of the bulk Lambda; `lib/bulk.ts` sets exactly these. */
export const Env = z.object({ ...common, ...dispatching, ...signingKey, ...bulkQueue });

export type EnvName = NamesIn<z.input<typeof Env>>;
