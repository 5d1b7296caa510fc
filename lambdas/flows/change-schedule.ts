import type { Schedules } from "../core/ports.ts";
import { type Schedule, type ScheduleTransition, setPaused } from "../core/schedules/schedule.ts";
import { cancelAhead, cancelUndue } from "./cancel-ahead.ts";
import type { DispatchPorts } from "./dispatch.ts";
import { findStored } from "./find-schedule.ts";
import { type SendTickPorts, sendTick, takeBackTick } from "./send-tick.ts";

export interface ChangeSchedulePorts extends DispatchPorts, SendTickPorts {
  schedules: Schedules;
}

/**
 * Pauses a schedule: no tick makes an execution any more, and those that are not due yet are cancelled. Resumed, it
 * goes on with the next tick after now.
 * @param by the caller's name
 * @throws DomainError `not_found`
 */
export async function pauseSchedule(
  ports: ChangeSchedulePorts,
  name: string,
  isPaused: boolean,
  by?: string,
): Promise<Schedule> {
  for (;;) {
    const schedule = await findStored(ports, name);
    if (schedule.isPaused === isPaused) {
      await repeatChange(ports, schedule);
      return schedule;
    }
    const changed = await change(ports, schedule, setPaused(schedule, isPaused, ports.clock.now(), by));
    if (changed !== undefined) return changed;
  }
}

/**
 * Writes a change of a schedule; `undefined` if somebody else was quicker. Once it is written the answer is success.
 */
export async function change(
  ports: ChangeSchedulePorts,
  before: Schedule,
  { from, to }: ScheduleTransition,
): Promise<Schedule | undefined> {
  if ((await ports.schedules.apply({ from, to })) === "lost") return undefined;
  try {
    await takeBack(ports, before, to);
    await takeBackTick(ports, before);
  } catch (error) {
    // The next tick cancels the executions made ahead; the sweep sends its message.
    ports.onDispatchError("schedule not sent", { schedule: to.name }, error);
  }
  return to;
}

/** Repeats what follows a change, for a caller that repeats the change: whoever made it may have died before that. */
export async function repeatChange(ports: ChangeSchedulePorts, schedule: Schedule): Promise<void> {
  const { id, jitterSeconds, replaced = [] } = schedule;
  for (const before of replaced) {
    if (ports.clock.now() < before.untilMs) await takeBack(ports, { ...before, id, jitterSeconds }, schedule);
  }
}

async function takeBack(
  ports: ChangeSchedulePorts,
  before: Parameters<typeof cancelUndue>[1],
  after: Schedule,
): Promise<void> {
  await (after.isPaused ? cancelUndue : cancelAhead)(ports, before, after.updatedAtMs);
  await sendTick(ports, after);
}
