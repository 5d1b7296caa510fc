import { DomainError } from "../core/errors.ts";
import type { FunctionCatalog } from "../core/functions.ts";
import type { Schedules } from "../core/ports.ts";
import { type CodeSchedule, codeSchedules, isCodeScheduleName } from "../core/schedules/code-schedule.ts";
import { isScheduleName } from "../core/schedules/name.ts";
import type { Schedule } from "../core/schedules/schedule.ts";

export interface FindSchedulePorts {
  schedules: Schedules;
  functions: FunctionCatalog;
}

/**
 * Returns the schedule of that name, made at run time or in code.
 * @throws DomainError `not_found`
 */
export async function findSchedule(ports: FindSchedulePorts, name: string): Promise<Schedule | CodeSchedule> {
  if (!isCodeScheduleName(name)) return findStored(ports, name);
  const found = codeSchedules(ports.functions.values()).find((schedule) => schedule.name === name);
  if (found === undefined) throw unknownSchedule(name);
  return found;
}

/**
 * Returns the schedule of that name that was made at run time.
 * @throws DomainError `not_found`
 */
export async function findStored({ schedules }: { schedules: Schedules }, name: string): Promise<Schedule> {
  const schedule = isScheduleName(name) ? await schedules.get(name) : undefined;
  if (schedule === undefined) throw unknownSchedule(name);
  return schedule;
}

function unknownSchedule(name: string): DomainError {
  return new DomainError("not_found", `cannot find schedule "${name.slice(0, 128)}"`);
}
