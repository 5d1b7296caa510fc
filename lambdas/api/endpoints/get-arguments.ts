import { argumentsKey } from "../../core/payload-keys.ts";
import type { Payloads } from "../../core/ports.ts";
import { type FindPorts, find } from "../../flows/find.ts";
import type { Endpoint } from "../endpoint.ts";
import { parseId } from "../parse.ts";
import { presentPayload } from "../present.ts";

/** `GET /public/v2/executions/{id}/arguments`: the JSON array the function is called with. */
export function getArguments(ports: FindPorts & { payloads: Payloads }): Endpoint {
  return async (request) => {
    const execution = await find(ports, parseId(request));
    const key = argumentsKey(execution);
    return presentPayload(
      request,
      { payload: execution.arguments, key, contentType: "application/json" },
      ports.payloads,
    );
  };
}
