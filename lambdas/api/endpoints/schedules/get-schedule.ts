import type { Clock, Payloads } from "../../../core/ports.ts";
import { type FindSchedulePorts, findSchedule } from "../../../flows/find-schedule.ts";
import { type Endpoint, json } from "../../endpoint.ts";
import { presentSchedule } from "../../present-schedule.ts";

/** `GET /public/v2/schedules/{name}`: a schedule with its arguments. */
export function getSchedule(ports: FindSchedulePorts & { payloads: Payloads; clock: Clock }): Endpoint {
  return async ({ parameters: { name = "" } }) => {
    const schedule = await findSchedule(ports, name);
    const shown = presentSchedule(schedule, ports.clock.now());
    if (!("arguments" in schedule)) return json(200, { data: shown });
    const text = await ports.payloads.read(schedule.arguments, schedule.argumentsKey);
    return json(200, { data: { ...shown, function_arguments: JSON.parse(text) as unknown } });
  };
}
