import type { Clock, Payloads } from "../../../core/ports.ts";
import { type FindSchedulePorts, findSchedule } from "../../../flows/find-schedule.ts";
import type { Endpoint } from "../../endpoint.ts";
import { answerSchedule } from "../../present-schedule.ts";

/** `GET /public/v2/schedules/{name}`: a schedule with its arguments. */
export function getSchedule(ports: FindSchedulePorts & { payloads: Payloads; clock: Clock }): Endpoint {
  return async ({ parameters: { name = "" } }) => answerSchedule(ports, 200, await findSchedule(ports, name));
}
