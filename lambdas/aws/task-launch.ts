import * as z from "zod/mini";
import type { ExecutionId } from "../core/ids.ts";
import type { Launch } from "../core/ports.ts";
import { fromJson } from "./from-json.ts";

const Text = z.object({
  executionId: z.pipe(
    z.uuid(),
    z.transform((id) => id as ExecutionId),
  ),
  revision: z.int().check(z.gte(0)),
  functionName: z.string().check(z.minLength(1)),
  number: z.int().check(z.gte(1)),
});

/** The variable by which a task knows what it was launched for. */
export const LAUNCH_VARIABLE = "EPOQUE_LAUNCH";

/** Encodes a launch: the same launch always as the same text, since ECS compares it. */
export function launchText({ executionId, revision, functionName, number }: Launch): string {
  return JSON.stringify({ executionId, revision, functionName, number });
}

/** Reads what {@link launchText} has written. @throws z.core.$ZodError for anything else */
export function parseLaunch(text: string): Launch {
  return Text.parse(fromJson(text));
}
