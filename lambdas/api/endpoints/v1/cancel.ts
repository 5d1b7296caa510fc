import { type CancelPorts, cancel } from "../../../flows/cancel.ts";
import { type Endpoint, json, nameOf } from "../../endpoint.ts";
import { parse, parseId } from "../../parse.ts";
import { CancellationBody } from "../../schemas/executions.ts";

/** `POST /public/v1/executions/{id}/cancel` */
export function cancelV1(ports: CancelPorts): Endpoint {
  return async (request) => {
    const { force } = parse(CancellationBody, request.body);
    await cancel(ports, parseId(request), force, nameOf(request.principal));
    return json(200, {});
  };
}
