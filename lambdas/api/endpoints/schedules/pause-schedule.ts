import type { Payloads } from "../../../core/ports.ts";
import { type ChangeSchedulePorts, pauseSchedule as pause } from "../../../flows/change-schedule.ts";
import { type Endpoint, nameOf } from "../../endpoint.ts";
import { parse } from "../../parse.ts";
import { parseChangeable } from "../../parse-schedule.ts";
import { answerSchedule } from "../../present-schedule.ts";
import { EmptyBody } from "../../schemas/fields.ts";

/** `POST /public/v2/schedules/{name}/pause` and `/resume`: resumed, it goes on with the next tick after now. */
export function pauseSchedule(ports: ChangeSchedulePorts & { payloads: Payloads }, isPaused: boolean): Endpoint {
  return async (request) => {
    const name = parseChangeable(request);
    parse(EmptyBody, request.body);
    return answerSchedule(ports, 200, await pause(ports, name, isPaused, nameOf(request.principal)));
  };
}
