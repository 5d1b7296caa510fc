import type { SigningKeys } from "../../../core/ports.ts";
import type { DispatchPorts } from "../../../flows/dispatch.ts";
import type { FindPorts } from "../../../flows/find.ts";
import { reschedule } from "../../../flows/reschedule.ts";
import { type Endpoint, json } from "../../endpoint.ts";
import { parse, parseId } from "../../parse.ts";
import { ScheduleBody } from "../../schemas.ts";

/** `POST /public/v1/executions/{id}/reschedule`, and `PATCH …/schedule` */
export function rescheduleV1(ports: DispatchPorts & FindPorts & { tokens: SigningKeys }): Endpoint {
  return async (request) => {
    const { schedule_for } = parse(ScheduleBody, request.body);
    await reschedule(ports, parseId(request), schedule_for);
    return json(200, {});
  };
}
