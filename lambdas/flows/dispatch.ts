import { dispatchPlan, mayBeWithTimer } from "../core/dispatch-plan.ts";
import { unknownFunction } from "../core/errors.ts";
import type { Execution } from "../core/execution.ts";
import type { DeployedFunction, FunctionCatalog } from "../core/functions.ts";
import { MAX_DELAY_SECONDS } from "../core/limits.ts";
import type { Clock, Dispatcher, DueMessage, Timer } from "../core/ports.ts";

export interface SendPorts {
  functions: FunctionCatalog;
  dispatcher: Dispatcher;
  clock: Clock;
}

export interface DispatchPorts extends SendPorts {
  timer: Timer;
}

/**
 * Sends an execution on its way to run at its due time: to its function's queue, or through the fire queue where that
 * queue takes no delay, or, further ahead than queues reach, to the timer. May be repeated: a message that arrives twice
 * is stale the second time.
 */
export async function dispatch(ports: DispatchPorts, execution: Execution): Promise<void> {
  const message = messageOf(execution);
  const deployed = findFunction(ports, execution.functionName);
  const plan = dispatchPlan(message.scheduledAtMs, deployed.fifo, ports.clock.now());
  if (plan.to === "timer") await ports.timer.set(message, plan.atMs);
  else await send(ports, deployed, message, plan);
}

/** Sends a message one step on, within the queues: what is due further ahead than they reach comes back. */
export async function sendOn(ports: SendPorts, message: DueMessage): Promise<void> {
  const deployed = findFunction(ports, message.functionName);
  const nowMs = ports.clock.now();
  const plan = dispatchPlan(Math.min(message.scheduledAtMs, nowMs + MAX_DELAY_SECONDS * 1000), deployed.fifo, nowMs);
  if (plan.to !== "timer") await send(ports, deployed, message, plan);
}

/** Takes the message of `before` back from the timer, where it would fire for nothing. */
export async function recall(ports: DispatchPorts, before: Execution): Promise<void> {
  if (mayBeWithTimer(before.scheduledAtMs, before.updatedAtMs, ports.clock.now())) {
    await ports.timer.clear(before.id, before.revision);
  }
}

export function messageOf({ id, revision, functionName, scheduledAtMs }: Execution): DueMessage {
  return { executionId: id, revision, functionName, scheduledAtMs };
}

/** @throws DomainError `bad_request` */
export function findFunction({ functions }: { functions: FunctionCatalog }, name: string): DeployedFunction {
  const deployed = functions.get(name);
  if (deployed === undefined) throw unknownFunction(name);
  return deployed;
}

async function send(
  { dispatcher }: SendPorts,
  { fifo }: DeployedFunction,
  message: DueMessage,
  { to, delaySeconds }: { to: "function" | "fire"; delaySeconds: number },
): Promise<void> {
  if (to === "fire") await dispatcher.toFire(message, delaySeconds);
  else await dispatcher.toFunction(message, { fifo, delaySeconds });
}
