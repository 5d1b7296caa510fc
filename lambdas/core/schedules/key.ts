/** Key of a schedule where it stands among executions, such as in the list of what is overdue. */
export type ScheduleKey = `schedule#${string}`;

const PREFIX = "schedule#";

export function scheduleKey(name: string): ScheduleKey {
  return `${PREFIX}${name}`;
}

/** Returns the name of the schedule that has this key; `undefined` if it is no schedule's. */
export function nameOfSchedule(key: string): string | undefined {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined;
}
