import { type ReschedulePorts, reschedule } from "../../../flows/reschedule.ts";
import { type Endpoint, json, nameOf } from "../../endpoint.ts";
import { parse, parseId } from "../../parse.ts";
import { ScheduleBody } from "../../schemas/executions.ts";

/** `POST /public/v1/executions/{id}/reschedule`, and `PATCH …/schedule` */
export function rescheduleV1(ports: ReschedulePorts): Endpoint {
  return async (request) => {
    const { schedule_for } = parse(ScheduleBody, request.body);
    await reschedule(ports, parseId(request), schedule_for, nameOf(request.principal));
    return json(200, {});
  };
}
