import type * as z from "zod/mini";
import { DomainError } from "../../core/errors.ts";
import { presentExecution } from "../../core/present-execution.ts";
import { type DebounceInput, type DebouncePorts, debounce } from "../../flows/debounce.ts";
import { type EnqueueInput, type EnqueuePorts, enqueue } from "../../flows/enqueue.ts";
import { type Endpoint, json, nameOf, type Principal, parentOf } from "../endpoint.ts";
import { argumentsText, parse, parseNamed } from "../parse.ts";
import { requireFunction } from "../reach.ts";
import { EnqueueBody, IdempotencyKey } from "../schemas/executions.ts";

/** `PUT /public/v2/executions`: enqueues. 201 means it will run; 200, that a debounced one waits anew. */
export function putExecution(ports: EnqueuePorts & DebouncePorts): Endpoint {
  return async ({ body, idempotencyKey, principal }) => {
    const input = parse(EnqueueBody, body);
    const key = parseNamed("Idempotency-Key", IdempotencyKey, idempotencyKey);
    const how = toDebounce(input);
    if (how !== undefined) {
      if (key !== undefined) throw new DomainError("bad_request", "debounce: goes without an Idempotency-Key");
      const { execution, isNew } = await debounce(ports, toInput(input, principal), how);
      const answer = json(isNew ? 201 : 200, { data: presentExecution(execution) });
      return isNew ? { ...answer, enqueued: [execution.id] } : answer;
    }
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

/** Returns how an enqueue body wants to be debounced, if it does. */
export function toDebounce({ debounce: asked }: z.output<typeof EnqueueBody>): DebounceInput | undefined {
  if (asked === undefined) return undefined;
  const { key, delaySeconds, maxDelaySeconds } = asked;
  return { key, delayMs: delaySeconds * 1000, ...(maxDelaySeconds && { maxDelayMs: maxDelaySeconds * 1000 }) };
}
