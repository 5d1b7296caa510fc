import { type EnqueuePorts, enqueue } from "../../flows/enqueue.ts";
import { type Endpoint, json, parentOf } from "../endpoint.ts";
import { argumentsText, parse, parseNamed } from "../parse.ts";
import { presentExecution } from "../present.ts";
import { EnqueueBody, IdempotencyKey } from "../schemas.ts";

/** `PUT /public/v2/executions`: enqueues. 201 means it will run. */
export function putExecution(ports: EnqueuePorts): Endpoint {
  return async ({ body, idempotencyKey, principal }) => {
    const input = parse(EnqueueBody, body);
    const key = parseNamed("Idempotency-Key", IdempotencyKey, idempotencyKey);
    const execution = await enqueue(
      ports,
      {
        functionName: input.function_name,
        arguments: argumentsText("function_arguments", input.function_arguments),
        metadata: input.metadata ?? {},
        scheduledAtMs: input.schedule_for,
        discardAfterMs: input.discard_after,
        parent: parentOf(principal),
      },
      key,
    );
    return { ...json(201, { data: presentExecution(execution) }), enqueued: execution.id };
  };
}
