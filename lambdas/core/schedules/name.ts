/** Names of schedules: part of a path, so that nothing in them has to be encoded. */
export const SCHEDULE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** The rule for a name, for who has broken it. */
export const NAME_RULE =
  "must begin with a letter or digit and have at most 128 letters, digits, dots, hyphens and underscores";

export function isScheduleName(name: string): boolean {
  return SCHEDULE_NAME.test(name);
}
