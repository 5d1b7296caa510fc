import * as z from "zod/mini";
import { common, dispatching, type NamesIn, signingKey, ticking } from "../env/variables.ts";

/** Environment of the fire Lambda; `lib/scheduling.ts` sets exactly these. */
export const Env = z.object({ ...common, ...dispatching, ...ticking, ...signingKey });

export type EnvName = NamesIn<z.input<typeof Env>>;
