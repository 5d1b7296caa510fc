import { DomainError, unknownFunction } from "../core/errors.ts";
import type { Created } from "../core/execution.ts";
import { tokenSeed } from "../core/execution-token.ts";
import { type ExecutionId, newExecutionId } from "../core/ids.ts";
import { ARGUMENTS_INLINE_BYTES, MAX_DELAY_SECONDS } from "../core/limits.ts";
import type { Executions, Payloads, Tokens } from "../core/ports.ts";
import { type DispatchPorts, dispatch } from "./dispatch.ts";

export interface EnqueuePorts extends DispatchPorts {
  executions: Executions;
  payloads: Payloads;
  tokens: Tokens;
  /** Fresh random bytes. */
  randomBytes: (count: number) => Uint8Array;
}

export interface EnqueueInput {
  functionName: string;
  /** A JSON array. */
  arguments: string;
  scheduleForMs?: number;
  discardAfterMs?: number;
  metadata: Readonly<Record<string, string>>;
  /** The execution in whose name this is called. */
  executedBy?: ExecutionId;
}

/**
 * Writes a new execution down and sends it on its way. When this resolves, the execution will run: its record and
 * its arguments are kept and its message is in a queue.
 * @throws DomainError `bad_request` for a function that is not deployed or a time that is too far ahead
 */
export async function enqueue(ports: EnqueuePorts, input: EnqueueInput): Promise<Created> {
  const deployed = ports.functions.get(input.functionName);
  if (deployed === undefined) throw unknownFunction(input.functionName);
  const nowMs = ports.clock.now();
  const scheduledAtMs = input.scheduleForMs ?? nowMs;
  refuseBeyondReach(scheduledAtMs, nowMs);

  const id = newExecutionId(nowMs, ports.randomBytes(16));
  const [signingKey] = await ports.tokens.signingKeys();
  const execution: Created = {
    state: "created",
    id,
    functionName: deployed.name,
    functionId: deployed.id,
    revision: 0,
    attempt: 1,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    scheduledAtMs,
    metadata: input.metadata,
    arguments: await ports.payloads.store(
      `executions/${id}/arguments.json`,
      input.arguments,
      ARGUMENTS_INLINE_BYTES,
      "application/json",
    ),
    tokenSeed: tokenSeed(signingKey, id),
    ...(input.discardAfterMs !== undefined && { discardAfterMs: input.discardAfterMs }),
    ...(input.executedBy !== undefined && { executedBy: input.executedBy }),
  };
  await ports.executions.create(execution);
  await dispatch(ports, {
    executionId: id,
    revision: execution.revision,
    functionName: deployed.name,
    dueAtMs: scheduledAtMs,
  });
  return execution;
}

// Only SQS carries delays so far, and SQS reaches 15 minutes.
function refuseBeyondReach(scheduledAtMs: number, nowMs: number): void {
  if (scheduledAtMs - nowMs > MAX_DELAY_SECONDS * 1000) {
    throw new DomainError("bad_request", "schedule_for: cannot be more than 15 minutes ahead yet");
  }
}
