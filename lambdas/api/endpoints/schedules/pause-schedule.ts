import { type ChangeSchedulePorts, pauseSchedule as pause } from "../../../flows/change-schedule.ts";
import { type Endpoint, json } from "../../endpoint.ts";
import { parse } from "../../parse.ts";
import { parseChangeable } from "../../parse-schedule.ts";
import { presentSchedule } from "../../present-schedule.ts";
import { EmptyBody } from "../../schemas.ts";

/** `POST /public/v2/schedules/{name}/pause` and `/resume`: resumed, it goes on with the next tick after now. */
export function pauseSchedule(ports: ChangeSchedulePorts, isPaused: boolean): Endpoint {
  return async (request) => {
    const name = parseChangeable(request);
    parse(EmptyBody, request.body);
    return json(200, { data: presentSchedule(await pause(ports, name, isPaused), ports.clock.now()) });
  };
}
