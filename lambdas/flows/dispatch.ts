import { dispatchPlan } from "../core/dispatch-plan.ts";
import { DomainError, unknownFunction } from "../core/errors.ts";
import type { Execution } from "../core/execution.ts";
import type { FunctionCatalog } from "../core/functions.ts";
import { MAX_DELAY_SECONDS } from "../core/limits.ts";
import type { Clock, Dispatcher, DueMessage } from "../core/ports.ts";

export interface DispatchPorts {
  functions: FunctionCatalog;
  dispatcher: Dispatcher;
  clock: Clock;
}

/**
 * Sends a due message one step on its way: to its function's queue, or through the fire queue where that queue takes no
 * delay. May be repeated: a message that arrives twice is stale the second time.
 */
export async function dispatch(ports: DispatchPorts, message: DueMessage): Promise<void> {
  const deployed = ports.functions.get(message.functionName);
  if (deployed === undefined) throw unknownFunction(message.functionName);
  const plan = dispatchPlan(message.dueAtMs, deployed.fifo, ports.clock.now());
  if (plan.to === "fire") await ports.dispatcher.toFire(message, plan.delaySeconds);
  else await ports.dispatcher.toFunction(message, { fifo: deployed.fifo, delaySeconds: plan.delaySeconds });
}

/** Sends an execution on its way to run at its due time. Older messages of it are stale. */
export function dispatchExecution(ports: DispatchPorts, execution: Execution): Promise<void> {
  const { id: executionId, revision, functionName, scheduledAtMs: dueAtMs } = execution;
  return dispatch(ports, { executionId, revision, functionName, dueAtMs });
}

/**
 * Only SQS carries delays so far, and SQS reaches 15 minutes.
 * @throws DomainError `bad_request`
 */
export function refuseBeyondReach(scheduledAtMs: number, nowMs: number): void {
  if (scheduledAtMs - nowMs > MAX_DELAY_SECONDS * 1000) {
    throw new DomainError("bad_request", "schedule_for: cannot be more than 15 minutes ahead yet");
  }
}
