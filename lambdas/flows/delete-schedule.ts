import type { Payloads } from "../core/ports.ts";
import { cancelUndue } from "./cancel-ahead.ts";
import type { ChangeSchedulePorts } from "./change-schedule.ts";
import { findStored } from "./find-schedule.ts";
import { takeBackTick } from "./send-tick.ts";

export interface DeleteSchedulePorts extends ChangeSchedulePorts {
  payloads: Payloads;
}

/**
 * Removes a schedule. Executions of ticks that have come stay; those that are not due yet are cancelled.
 * @throws DomainError `not_found`
 */
export async function deleteSchedule(ports: DeleteSchedulePorts, name: string): Promise<void> {
  for (;;) {
    const schedule = await findStored(ports, name);
    const nowMs = ports.clock.now();
    if ((await ports.schedules.remove(schedule)) === "lost") continue;
    try {
      await cancelUndue(ports, schedule, nowMs);
      await takeBackTick(ports, schedule);
      await ports.payloads.expire(schedule.arguments, schedule.argumentsKey, "application/json");
    } catch (error) {
      ports.onDispatchError("schedule not taken back", { schedule: name }, error);
    }
    return;
  }
}
