import { DomainError } from "../../core/errors.ts";
import { presentExecution } from "../../core/present-execution.ts";
import { type BatchItem, type BatchPorts, type BatchResult, enqueueBatch } from "../../flows/enqueue-batch.ts";
import { type Log, loggedError } from "../../log/log.ts";
import { type ApiRequest, type Endpoint, json } from "../endpoint.ts";
import { errorBody } from "../middleware/failures.ts";
import { parse } from "../parse.ts";
import { BatchBody, BatchItem as Item } from "../schemas/executions.ts";
import { toDebounce, toInput } from "./put-execution.ts";

/** `POST /public/v2/executions/batch`: enqueues many, each with its own success or error, in order. */
export function postBatch(ports: BatchPorts & { log: Log }): Endpoint {
  return async (request) => {
    const { executions } = parse(BatchBody, request.body);
    const items = executions.map((value) => toItem(value, request));
    const enqueued = await enqueueBatch(
      ports,
      items.filter((item) => "input" in item),
    );
    const results = items.map((item): BatchResult => ("input" in item ? (enqueued.shift() as BatchResult) : item));
    for (const result of results) logUnexpected(result, ports.log, request.requestId);
    return {
      ...json(200, { data: results.map((result) => present(result, request.requestId)) }),
      enqueued: results.flatMap((result) =>
        "execution" in result && result.isNew !== false ? [result.execution.id] : [],
      ),
    };
  };
}

function toItem(value: unknown, { principal }: ApiRequest): BatchItem | { error: unknown } {
  try {
    const { idempotency_key: idempotencyKey, ...body } = parse(Item, value);
    return { input: toInput(body, principal), idempotencyKey, debounce: toDebounce(body) };
  } catch (error) {
    return { error };
  }
}

function present(result: BatchResult, requestId: string): object {
  return "execution" in result
    ? { execution: presentExecution(result.execution) }
    : { error: errorBody(result.error, requestId) };
}

function logUnexpected(result: BatchResult, log: Log, requestId: string): void {
  if ("execution" in result || result.error instanceof DomainError) return;
  const { executionId, error } = result;
  log({ level: "ERROR", message: "item of a batch failed", requestId, executionId, error: loggedError(error) });
}
