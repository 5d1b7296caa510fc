import type * as z from "zod/mini";
import { presentExecution } from "../../core/present-execution.ts";
import { type EnqueueInput, type EnqueuePorts, enqueue } from "../../flows/enqueue.ts";
import { type Endpoint, json, nameOf, type Principal, parentOf } from "../endpoint.ts";
import { argumentsText, parse, parseNamed } from "../parse.ts";
import { requireFunction } from "../reach.ts";
import { EnqueueBody, IdempotencyKey } from "../schemas.ts";

/** `PUT /public/v2/executions`: enqueues. 201 means it will run. */
export function putExecution(ports: EnqueuePorts): Endpoint {
  return async ({ body, idempotencyKey, principal }) => {
    const input = parse(EnqueueBody, body);
    const key = parseNamed("Idempotency-Key", IdempotencyKey, idempotencyKey);
    const execution = await enqueue(ports, toInput(input, principal), key);
    return { ...json(201, { data: presentExecution(execution) }), enqueued: [execution.id] };
  };
}

/**
 * Returns the request of an enqueue body.
 * @throws DomainError `bad_request`; `forbidden` for a function that the caller's token is not for
 */
export function toInput(body: z.output<typeof EnqueueBody>, principal: Principal): EnqueueInput {
  requireFunction(principal, body.function_name);
  return {
    functionName: body.function_name,
    arguments: argumentsText("function_arguments", body.function_arguments),
    metadata: body.metadata ?? {},
    scheduledAtMs: body.schedule_for,
    discardAfterMs: body.discard_after,
    parent: parentOf(principal),
    by: nameOf(principal),
  };
}
