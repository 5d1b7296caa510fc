import type { Execution } from "./execution.ts";

/**
 * Where arguments lie that are objects, below the name of their function, whose Lambda may reach these and no others.
 * An execution may wait for months, so they do not expire by their age: only what an ended execution was called with
 * does. `lib/storage.ts` has the rules.
 */
export const ARGUMENTS_PREFIX = "arguments/";

/** The tag that marks them then. */
export const ENDED_TAG = { key: "ended", value: "true" } as const;

/**
 * The same for results and logs. They are written when their attempt has ended, and expire by their age: see
 * `Payloads.renew`.
 */
export const ATTEMPTS_PREFIX = "attempts/";

/** Where the arguments of an execution are, if they are an object. */
export function argumentsKey({
  functionName,
  id,
  debounced,
}: Pick<Execution, "functionName" | "id" | "debounced">): string {
  const version = debounced === undefined ? "" : `-${debounced.version}`;
  return `${ARGUMENTS_PREFIX}${functionName}/${id}${version}.json`;
}

/** Where the arguments of a schedule are, if they are an object. */
export function scheduleArgumentsKey(functionName: string, scheduleId: string): string {
  return `${ARGUMENTS_PREFIX}${functionName}/schedule-${scheduleId}.json`;
}

/** Where the arguments are that a bulk job gives to re-runs, if they are an object. No function is called so. */
export function jobArgumentsKey(jobId: string): string {
  return `${ARGUMENTS_PREFIX}-bulk/${jobId}.json`;
}

/** Where result and logs of an attempt are, as far as they are objects. */
export function attemptKeys({ functionName, id, attempt }: Pick<Execution, "functionName" | "id" | "attempt">) {
  const folder = `${ATTEMPTS_PREFIX}${functionName}/${id}/${attempt}`;
  return { result: `${folder}/result.json`, logs: `${folder}/logs.ndjson` };
}
