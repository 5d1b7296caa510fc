import type { DeployedFunction } from "../functions.ts";

/** A schedule that the code of a function asks for by `defer.cron`. */
export interface CodeSchedule {
  name: string;
  functionName: string;
  functionId: string;
  cron: string;
}

/** Names of schedules in code begin with this, and no others. */
const PREFIX = "defer.cron.";

/** Whether this is the name of a schedule in code, deployed or not. */
export function isCodeScheduleName(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** Returns the schedules of `defer.cron`, in the order of their names. */
export function codeSchedules(functions: Iterable<DeployedFunction>): CodeSchedule[] {
  return [...functions]
    .flatMap(({ name, id, settings: { cron } }) =>
      cron === undefined ? [] : [{ name: `${PREFIX}${name}`, functionName: name, functionId: id, cron }],
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
