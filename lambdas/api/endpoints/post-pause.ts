import { pause } from "../../flows/pause.ts";
import type { WakeLanesPorts } from "../../flows/wake-lanes.ts";
import { type Endpoint, json, nameOf } from "../endpoint.ts";
import { parse } from "../parse.ts";
import { presentFunction } from "../present.ts";
import { EmptyBody } from "../schemas/fields.ts";

/** `POST /public/v2/functions/{name}/pause`: nothing of it starts until it is resumed. */
export function postPause(ports: WakeLanesPorts): Endpoint {
  return async ({ parameters, body, principal }) => {
    parse(EmptyBody, body);
    const deployed = await pause(ports, parameters["name"] ?? "", nameOf(principal));
    return json(200, { data: presentFunction(deployed, { pause: await ports.pauses.get(deployed.id) }) });
  };
}
