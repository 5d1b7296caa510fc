import { type EnqueuePorts, enqueue } from "../../../flows/enqueue.ts";
import { type Endpoint, json, nameOf, parentOf } from "../../endpoint.ts";
import { argumentsText, parse } from "../../parse.ts";
import { requireFunction } from "../../reach.ts";
import { EnqueueV1Body } from "../../schemas/executions.ts";

/** `POST /public/v1/enqueue` */
export function enqueueV1(ports: EnqueuePorts): Endpoint {
  return async ({ body, principal }) => {
    const input = parse(EnqueueV1Body, body);
    requireFunction(principal, input.name);
    const { id } = await enqueue(ports, {
      functionName: input.name,
      arguments: argumentsText("arguments", input.arguments),
      metadata: input.metadata ?? {},
      scheduledAtMs: input.schedule_for ?? input.scheduled_for,
      discardAfterMs: input.discard_after,
      parent: parentOf(principal),
      by: nameOf(principal),
    });
    return { ...json(200, { id }), enqueued: [id] };
  };
}
