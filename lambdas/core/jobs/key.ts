/** Key of a job where it stands among executions, such as in the list of what is overdue. */
export type JobKey = `job#${string}`;

const PREFIX = "job#";

export function jobKey(id: string): JobKey {
  return `${PREFIX}${id}`;
}

/** Returns the id of the job that has this key; `undefined` if it is no job's. */
export function idOfJob(key: string): string | undefined {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined;
}
