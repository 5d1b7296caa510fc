import type { Created, Execution } from "../core/execution.ts";
import type { ExecutionId } from "../core/ids.ts";
import { dispatchMany, findFunction } from "./dispatch.ts";
import { type EnqueueInput, type EnqueuePorts, enqueue, prepare } from "./enqueue.ts";

export interface BatchItem {
  input: EnqueueInput;
  idempotencyKey?: string | undefined;
}

/** The error of an item that was not enqueued, or may not have been: a DomainError, or something unexpected. */
export type BatchResult = { execution: Execution } | { error: unknown };

/**
 * Enqueues many, each as {@link enqueue} does. Items without an idempotency key are written with few requests, and sent
 * after that. An item that fails harms no other.
 * @returns a result for each item, in their order
 */
export async function enqueueBatch(ports: EnqueuePorts, items: readonly BatchItem[]): Promise<BatchResult[]> {
  const [keyed, prepared] = await Promise.all([
    Promise.all(
      items.map(({ input, idempotencyKey }) =>
        idempotencyKey === undefined ? undefined : settle(enqueue(ports, input, idempotencyKey)),
      ),
    ),
    Promise.all(
      items.map(({ input, idempotencyKey }) =>
        idempotencyKey === undefined ? settle(prepareNew(ports, input)) : undefined,
      ),
    ),
  ]);
  const fresh = prepared.flatMap((result) => (result !== undefined && "execution" in result ? [result.execution] : []));
  const failed = await writeAndSend(ports, fresh);
  return items.map((_, index) => {
    const result = keyed[index] ?? prepared[index] ?? { error: new Error("a batch lost an item") };
    return "execution" in result && failed.has(result.execution.id)
      ? { error: failed.get(result.execution.id) }
      : result;
  });
}

async function prepareNew(ports: EnqueuePorts, input: EnqueueInput): Promise<Created> {
  return prepare(ports, findFunction(ports, input.functionName), input);
}

async function writeAndSend(ports: EnqueuePorts, fresh: Created[]): Promise<ReadonlyMap<ExecutionId, unknown>> {
  if (fresh.length === 0) return new Map();
  const failed = await ports.executions
    .createMany(fresh)
    .catch((error: unknown) => new Map(fresh.map(({ id }) => [id, error])));
  await dispatchMany(
    ports,
    fresh.filter(({ id }) => !failed.has(id)),
  );
  return failed;
}

async function settle<One extends Execution>(promise: Promise<One>): Promise<{ execution: One } | { error: unknown }> {
  return promise.then(
    (execution) => ({ execution }),
    (error: unknown) => ({ error }),
  );
}
