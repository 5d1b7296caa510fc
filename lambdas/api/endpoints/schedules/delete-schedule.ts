import { type DeleteSchedulePorts, deleteSchedule as remove } from "../../../flows/delete-schedule.ts";
import type { Endpoint } from "../../endpoint.ts";
import { parseChangeable } from "../../parse-schedule.ts";

/** `DELETE /public/v2/schedules/{name}`: what it has enqueued already stays. */
export function deleteSchedule(ports: DeleteSchedulePorts): Endpoint {
  return async (request) => {
    await remove(ports, parseChangeable(request));
    return { status: 204 };
  };
}
