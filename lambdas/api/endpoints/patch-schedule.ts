import { presentExecution } from "../../core/present-execution.ts";
import { type ReschedulePorts, reschedule } from "../../flows/reschedule.ts";
import { type Endpoint, json, nameOf } from "../endpoint.ts";
import { parse, parseId } from "../parse.ts";
import { ScheduleBody } from "../schemas/executions.ts";

/** `PATCH /public/v2/executions/{id}/schedule`: another due time, or now. */
export function patchSchedule(ports: ReschedulePorts): Endpoint {
  return async (request) => {
    const reference = parseId(request);
    const { schedule_for } = parse(ScheduleBody, request.body);
    const execution = await reschedule(ports, reference, schedule_for, nameOf(request.principal));
    return json(200, { data: presentExecution(execution) });
  };
}
