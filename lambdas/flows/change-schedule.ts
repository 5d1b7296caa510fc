import type { Schedules } from "../core/ports.ts";
import { passOver, type Schedule, type ScheduleTransition, setPaused } from "../core/schedules/schedule.ts";
import { cancelAhead } from "./cancel-ahead.ts";
import type { DispatchPorts } from "./dispatch.ts";
import { findStored } from "./find-schedule.ts";
import { type SendTickPorts, sendTick, takeBackTick } from "./send-tick.ts";

export interface ChangeSchedulePorts extends DispatchPorts, SendTickPorts {
  schedules: Schedules;
}

/**
 * Pauses a schedule: no tick makes an execution any more, and those made ahead are cancelled. Resumed, it goes on with
 * the next tick after now.
 * @throws DomainError `not_found`
 */
export async function pauseSchedule(ports: ChangeSchedulePorts, name: string, isPaused: boolean): Promise<Schedule> {
  for (;;) {
    const schedule = await findStored(ports, name);
    if (schedule.isPaused === isPaused) return schedule;
    const changed = await change(ports, schedule, setPaused(schedule, isPaused, ports.clock.now()));
    if (changed !== undefined) return changed;
  }
}

/**
 * Writes a change of a schedule; `undefined` if somebody else was quicker. Once it is written the answer is success: what
 * fails afterwards is made good by the sweep.
 */
export async function change(
  ports: ChangeSchedulePorts,
  before: Schedule,
  transition: ScheduleTransition,
): Promise<Schedule | undefined> {
  const { to } = transition;
  if ((await ports.schedules.apply(transition)) === "lost") return undefined;
  try {
    const begunMs = await cancelAhead(ports, before, to.updatedAtMs);
    const after = begunMs === undefined ? to : await pass(ports, to, begunMs);
    await sendTick(ports, after);
    await takeBackTick(ports, before);
    return after;
  } catch (error) {
    // The sweep sends it a minute after the tick.
    ports.onDispatchError("schedule not sent", to.name, error);
    return to;
  }
}

async function pass(ports: ChangeSchedulePorts, schedule: Schedule, begunMs: number): Promise<Schedule> {
  if (schedule.nextAtMs === undefined || schedule.nextAtMs > begunMs) return schedule;
  const transition = passOver(schedule, begunMs);
  return (await ports.schedules.apply(transition)) === "applied" ? transition.to : schedule;
}
