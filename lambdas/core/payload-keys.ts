import type { Execution } from "./execution.ts";

/**
 * Folder of arguments that are objects, below the name of their function, whose Lambda may reach these and no others.
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

/** Returns the key of an execution's arguments, if they are an object. */
export function argumentsKey({
  functionName,
  id,
  debounced,
}: Pick<Execution, "functionName" | "id" | "debounced">): string {
  const version = debounced === undefined ? "" : `-${debounced.version}`;
  return `${ARGUMENTS_PREFIX}${functionName}/${id}${version}.json`;
}

/** Returns the key of a schedule's arguments, if they are an object. */
export function scheduleArgumentsKey(functionName: string, scheduleId: string): string {
  return `${ARGUMENTS_PREFIX}${functionName}/schedule-${scheduleId}.json`;
}

/** Returns the key of the arguments that a bulk job gives to re-runs, if they are an object: no function's name. */
export function jobArgumentsKey(jobId: string): string {
  return `${ARGUMENTS_PREFIX}-bulk/${jobId}.json`;
}

/** Returns the keys of an attempt's result and logs, as far as they are objects. */
export function attemptKeys({ functionName, id, attempt }: Pick<Execution, "functionName" | "id" | "attempt">) {
  const folder = `${ATTEMPTS_PREFIX}${functionName}/${id}/${attempt}`;
  return { result: `${folder}/result.json`, logs: `${folder}/logs.ndjson` };
}
