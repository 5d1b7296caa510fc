import { dispatchPlan } from "../core/dispatch-plan.ts";
import { unknownFunction } from "../core/errors.ts";
import type { FunctionCatalog } from "../core/functions.ts";
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
