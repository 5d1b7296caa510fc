import { DomainError } from "../core/errors.ts";
import type { Created, Execution, Parent } from "../core/execution.ts";
import { fingerprintOf } from "../core/fingerprint.ts";
import type { DeployedFunction } from "../core/functions.ts";
import { type ExecutionId, newExecutionId } from "../core/ids.ts";
import { ARGUMENTS_INLINE_BYTES } from "../core/limits.ts";
import { argumentsKey } from "../core/payload-keys.ts";
import type { IdempotencyKeys } from "../core/ports.ts";
import { type AcceptPorts, accept, newExecution } from "./accept.ts";
import { dispatchIfWaiting, findFunction } from "./dispatch.ts";

export interface EnqueuePorts extends AcceptPorts {
  idempotencyKeys: IdempotencyKeys;
}

export interface EnqueueInput {
  functionName: string;
  /** A JSON array. */
  arguments: string;
  scheduledAtMs?: number | undefined;
  discardAfterMs?: number | undefined;
  metadata: Readonly<Record<string, string>>;
  /** The execution in whose name this is called. */
  parent?: Parent | undefined;
  /** The caller's name. */
  by?: string | undefined;
  debounced?: Execution["debounced"];
  /** The schedule that is run out of turn. */
  scheduleName?: string | undefined;
}

/**
 * Stores a new execution and sends it on its way. When this resolves, the execution will run: its record and
 * its arguments are kept. Its message is in a queue, or the sweep sends it within a minute.
 *
 * With an `idempotencyKey` the same input gives the same execution, also when two ask at once or one died half-way.
 * @throws DomainError `bad_request` for a function that is not deployed; `conflict`
 * for a key that was used with another input
 */
export async function enqueue(ports: EnqueuePorts, input: EnqueueInput, idempotencyKey?: string): Promise<Execution> {
  const deployed = findFunction(ports, input.functionName);
  const fresh = newId(ports, deployed);
  if (idempotencyKey === undefined) return accept(ports, deployed, await prepare(ports, deployed, input, fresh));

  // The same request by another token is still the same.
  const { parent, by: _, ...asked } = input;
  const fingerprint = fingerprintOf({ ...asked, executedBy: parent?.id });
  const bound = await ports.idempotencyKeys.claim(idempotencyKey, {
    executionId: fresh.id,
    fingerprint,
    createdAtMs: fresh.nowMs,
  });
  if (bound.fingerprint !== fingerprint) {
    throw new DomainError("conflict", "Idempotency-Key: was used with another body; use a new key for a new request");
  }
  const known = bound.executionId === fresh.id ? undefined : await ports.executions.get(bound.executionId);
  if (known === undefined) {
    const first = { id: bound.executionId, nowMs: bound.createdAtMs };
    return accept(ports, deployed, await prepare(ports, deployed, input, first));
  }
  // The writer may have died before it dispatched it; a second message does no harm.
  await dispatchIfWaiting(ports, known, deployed);
  return known;
}

/** Returns the record of a new execution, ready to be written: its arguments are stored. */
export async function prepare(
  ports: AcceptPorts,
  deployed: DeployedFunction,
  input: EnqueueInput,
  { id, nowMs }: { id: ExecutionId; nowMs: number } = newId(ports, deployed),
): Promise<Created> {
  const text = input.arguments;
  const debounced = input.debounced && { debounced: input.debounced };
  const key = argumentsKey({ functionName: deployed.name, id, ...debounced });
  const stored = await ports.payloads.store(key, text, ARGUMENTS_INLINE_BYTES, "application/json");
  const { scheduledAtMs, discardAfterMs, parent, by } = input;
  return {
    ...(await newExecution(ports, deployed, { id, nowMs, scheduledAtMs, discardAfterMs, parent, by })),
    metadata: input.metadata,
    arguments: stored,
    ...debounced,
    ...(input.scheduleName !== undefined && { scheduleName: input.scheduleName }),
  };
}

/** Returns a new id for an execution that is made now. */
export function newId(
  ports: Pick<AcceptPorts, "clock" | "randomBytes">,
  { id }: DeployedFunction,
): { id: ExecutionId; nowMs: number } {
  const nowMs = ports.clock.now();
  return { id: newExecutionId(nowMs, ports.randomBytes(16), id), nowMs };
}
