import { resume } from "../../flows/pause.ts";
import type { WakePorts } from "../../flows/wake-parked.ts";
import { type Endpoint, json } from "../endpoint.ts";
import { parse } from "../parse.ts";
import { presentFunction } from "../present.ts";
import { EmptyBody } from "../schemas/fields.ts";

/** `POST /public/v2/functions/{name}/resume`: it starts again, first what became due meanwhile. */
export function postResume(ports: WakePorts): Endpoint {
  return async ({ parameters, body }) => {
    parse(EmptyBody, body);
    const deployed = await resume(ports, parameters["name"] ?? "");
    return json(200, { data: presentFunction(deployed, { pause: undefined }) });
  };
}
