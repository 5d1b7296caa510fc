import type { Created, Execution } from "../core/execution.ts";
import type { ExecutionId } from "../core/ids.ts";
import { type DebounceInput, type DebouncePorts, debounce } from "./debounce.ts";
import { dispatchMany, findFunction } from "./dispatch.ts";
import { type EnqueueInput, type EnqueuePorts, enqueue, prepare } from "./enqueue.ts";

export interface BatchItem {
  input: EnqueueInput;
  idempotencyKey?: string | undefined;
  debounce?: DebounceInput | undefined;
}

export type BatchPorts = EnqueuePorts & DebouncePorts;

/** `error` of an item that was not enqueued, or may not have been: a DomainError, or something unexpected. */
export type BatchResult = { execution: Execution; isNew?: boolean } | { error: unknown; executionId?: ExecutionId };

/**
 * Enqueues many, each as {@link enqueue} does. Items without an idempotency key are written with few requests, and sent
 * after that. Debounced items follow one after the other, so that the last of a key wins. An item that fails harms no
 * other.
 * @returns a result for each item, in their order
 */
export async function enqueueBatch(ports: BatchPorts, items: readonly BatchItem[]): Promise<BatchResult[]> {
  let debounced: Promise<unknown> = Promise.resolve();
  const results = await Promise.all(
    items.map(async ({ input, idempotencyKey, debounce: how }): Promise<BatchResult | { fresh: Created }> => {
      try {
        if (how !== undefined) {
          const result = debounced.then(() => debounce(ports, input, how));
          debounced = result.catch(() => {});
          return await result;
        }
        if (idempotencyKey !== undefined) return { execution: await enqueue(ports, input, idempotencyKey) };
        return { fresh: await prepare(ports, findFunction(ports, input.functionName), input) };
      } catch (error) {
        return { error };
      }
    }),
  );
  const fresh = results.flatMap((result) => ("fresh" in result ? [result.fresh] : []));
  const failed = await writeAndSend(ports, fresh);
  return results.map((result) => {
    if (!("fresh" in result)) return result;
    const { id } = result.fresh;
    return failed.has(id) ? { error: failed.get(id), executionId: id } : { execution: result.fresh };
  });
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
