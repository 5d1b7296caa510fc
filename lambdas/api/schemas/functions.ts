import * as z from "zod/mini";
import { notAnObject, oneOf } from "./fields.ts";

/** The query of `GET /functions`. */
export const FunctionsQuery = z.lazy(() => z.strictObject({ include: z.optional(oneOf(["load"])) }, notAnObject("it")));
