import { fingerprintOf } from "../core/fingerprint.ts";
import { newScheduleId } from "../core/ids.ts";
import { ARGUMENTS_INLINE_BYTES } from "../core/limits.ts";
import { scheduleArgumentsKey } from "../core/payload-keys.ts";
import type { Payloads } from "../core/ports.ts";
import { newSchedule, redefine, type Schedule, type ScheduleDefinition } from "../core/schedules/schedule.ts";
import { type ChangeSchedulePorts, change, repeatChange } from "./change-schedule.ts";
import { findFunction } from "./dispatch.ts";
import { sendTick } from "./send-tick.ts";

export interface PutSchedulePorts extends ChangeSchedulePorts {
  payloads: Payloads;
  randomBytes: (count: number) => Uint8Array;
}

/** Definition of a schedule, as it is asked for. */
export interface ScheduleInput
  extends Omit<ScheduleDefinition, "functionId" | "arguments" | "argumentsKey" | "ticks" | "fingerprint"> {
  /** A JSON array. */
  arguments: string;
  /** Ticks of a schedule that was made at `createdAtMs`. */
  ticks: (createdAtMs: number) => ScheduleDefinition["ticks"];
  /** The request: the same again changes nothing. */
  request: unknown;
}

/**
 * Makes the schedule `name`, or replaces it. The same input once more changes nothing.
 * @param by the caller's name
 * @throws DomainError `bad_request` for a function that is not deployed
 */
export async function putSchedule(
  ports: PutSchedulePorts,
  name: string,
  input: ScheduleInput,
  by?: string,
): Promise<{ schedule: Schedule; isNew: boolean }> {
  const { id: functionId } = findFunction(ports, input.functionName);
  const fingerprint = fingerprintOf(input.request);
  for (;;) {
    const current = await ports.schedules.get(name);
    if (current?.fingerprint === fingerprint) {
      await repeatChange(ports, current);
      return { schedule: current, isNew: false };
    }
    const nowMs = ports.clock.now();
    const id = newScheduleId(nowMs, ports.randomBytes(16));
    const { ticks, request: _, arguments: text, ...rest } = input;
    const key = scheduleArgumentsKey(input.functionName, id);
    const definition = {
      ...rest,
      functionId,
      fingerprint,
      ticks: ticks(current?.createdAtMs ?? nowMs),
      argumentsKey: key,
      arguments: await ports.payloads.store(key, text, ARGUMENTS_INLINE_BYTES, "application/json"),
    };
    if (current === undefined) {
      const schedule = newSchedule(definition, { name, id, nowMs, by });
      if ((await ports.schedules.create(schedule)) === "exists") continue;
      await sendTick(ports, schedule).catch((error) =>
        ports.onDispatchError("schedule not sent", { schedule: name }, error),
      );
      return { schedule, isNew: true };
    }
    const schedule = await change(ports, current, redefine(current, definition, nowMs, by));
    if (schedule === undefined) continue;
    await ports.payloads
      .expire(current.arguments, current.argumentsKey, "application/json")
      .catch((error) => ports.onDispatchError("arguments of a schedule not expired", { schedule: name }, error));
    return { schedule, isNew: false };
  }
}
