import { type EnqueuePorts, enqueue } from "../../flows/enqueue.ts";
import { type Endpoint, json } from "../endpoint.ts";
import { parse } from "../parse.ts";
import { presentExecution } from "../present.ts";
import { EnqueueBody } from "../schemas.ts";

/** `PUT /public/v2/executions`: enqueues. 201 means it will run. */
export function putExecution(ports: EnqueuePorts): Endpoint {
  return async ({ body, principal }) => {
    const input = parse(EnqueueBody, body);
    const execution = await enqueue(ports, {
      functionName: input.function_name,
      arguments: JSON.stringify(input.function_arguments),
      metadata: input.metadata ?? {},
      ...(input.schedule_for !== undefined && { scheduleForMs: input.schedule_for }),
      ...(input.discard_after !== undefined && { discardAfterMs: input.discard_after }),
      ...(principal.kind === "execution" && { executedBy: principal.executionId }),
    });
    return json(201, { data: presentExecution(execution) });
  };
}
