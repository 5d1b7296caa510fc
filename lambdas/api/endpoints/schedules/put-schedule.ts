import { type PutSchedulePorts, putSchedule as put } from "../../../flows/put-schedule.ts";
import { type Endpoint, nameOf } from "../../endpoint.ts";
import { parseNamed } from "../../parse.ts";
import { parseChangeable, parseSchedule } from "../../parse-schedule.ts";
import { answerSchedule } from "../../present-schedule.ts";
import { requireFunction } from "../../reach.ts";
import { ScheduleName } from "../../schemas/fields.ts";

/** `PUT /public/v2/schedules/{name}`: makes or replaces a schedule; the same body once more changes nothing. */
export function putSchedule(ports: PutSchedulePorts): Endpoint {
  return async (request) => {
    const name = parseNamed("name", ScheduleName, parseChangeable(request));
    const input = parseSchedule(request.body);
    requireFunction(request.principal, input.functionName);
    const { schedule, isNew } = await put(ports, name, input, nameOf(request.principal));
    return answerSchedule(ports, isNew ? 201 : 200, schedule);
  };
}
