import { dispatchPlan, mayBeWithTimer } from "../core/dispatch-plan.ts";
import { unknownFunction } from "../core/errors.ts";
import { type Created, type Execution, startableAtMs } from "../core/execution.ts";
import { groupOf } from "../core/fairness.ts";
import type { DeployedFunction, FunctionCatalog } from "../core/functions.ts";
import type { ExecutionId } from "../core/ids.ts";
import { MAX_DELAY_SECONDS } from "../core/limits.ts";
import type { AddressedMessage, Clock, Dispatcher, DueMessage, Executions, Timer } from "../core/ports.ts";
import type { Subject } from "../core/subject.ts";
import { decide } from "./decide.ts";

export interface SendPorts {
  functions: FunctionCatalog;
  dispatcher: Dispatcher;
  clock: Clock;
}

export interface DispatchPorts extends SendPorts {
  executions: Executions;
  timer: Timer;
  /** Called with what failed after the subject was written, and so does not decide the caller's answer. */
  onDispatchError: (problem: DispatchProblem, subject: Subject, error: unknown) => void;
}

type DispatchProblem =
  | "execution not dispatched"
  | "execution not marked as undispatched"
  | "message not recalled"
  | "slot not released"
  | "earlier attempts not renewed"
  | "end not announced"
  | "debounced execution not tidied up"
  | "schedule not sent"
  | "schedule not taken back"
  | "arguments of a schedule not expired"
  | "run of a schedule not noted"
  | "failure not counted"
  | "job not sent";

/**
 * Dispatches an execution if it waits. Call this once its record is written: it never throws, since the execution will
 * run whatever happens here. What could not be sent is marked, and the next sweep sends it, within a minute.
 *
 * May be repeated: a message that arrives twice is stale the second time.
 * @param deployed its function, where the caller has it
 * @returns whether there is nothing left to send
 */
export async function dispatchIfWaiting(
  ports: DispatchPorts,
  execution: Execution,
  deployed?: DeployedFunction,
): Promise<boolean> {
  if (execution.state !== "created") return true;
  try {
    await dispatch(ports, execution, deployed);
    return true;
  } catch (error) {
    await markUndispatched(ports, execution, error);
    return false;
  }
}

/** Dispatches new executions as {@link dispatchIfWaiting} does, with few requests where they go to queues. */
export async function dispatchMany(ports: DispatchPorts, executions: readonly Created[]): Promise<void> {
  const queued = new Map<ExecutionId, { execution: Created; addressed: AddressedMessage }>();
  const alone: { execution: Created; deployed: DeployedFunction }[] = [];
  for (const execution of executions) {
    const deployed = findFunction(ports, execution.functionName);
    const message = dueMessageOf(ports, execution, deployed);
    const { fifo } = deployed;
    const plan = dispatchPlan(message.scheduledAtMs, fifo, ports.clock.now());
    if (plan.to === "timer") alone.push({ execution, deployed });
    else queued.set(execution.id, { execution, addressed: { ...plan, message, fifo } });
  }
  const addressed = Array.from(queued.values(), (each) => each.addressed);
  const failed: ReadonlyMap<ExecutionId, unknown> =
    addressed.length === 0
      ? new Map()
      : await ports.dispatcher
          .sendMany(addressed)
          .catch((error: unknown) => new Map(Array.from(queued.keys(), (id) => [id, error])));
  await Promise.all([
    ...alone.map(({ execution, deployed }) => dispatchIfWaiting(ports, execution, deployed)),
    ...Array.from(failed, async ([id, error]) => {
      const { execution } = queued.get(id) ?? {};
      if (execution !== undefined) await markUndispatched(ports, execution, error);
    }),
  ]);
}

async function markUndispatched(ports: DispatchPorts, { id, revision }: Execution, error: unknown): Promise<void> {
  ports.onDispatchError("execution not dispatched", { executionId: id }, error);
  try {
    await decide(ports, id, { type: "undispatched", revision });
  } catch (error) {
    // The sweep looks at it a minute after its due time all the same.
    ports.onDispatchError("execution not marked as undispatched", { executionId: id }, error);
  }
}

/**
 * Sends an execution to its function's queue, or through the fire queue where that queue takes no delay, or, further
 * ahead than queues reach, to the timer.
 */
export async function dispatch(
  ports: SendPorts & { timer: Timer },
  execution: Execution,
  deployed: DeployedFunction = findFunction(ports, execution.functionName),
): Promise<void> {
  const message = { ...dueMessageOf(ports, execution, deployed), scheduledAtMs: startableAtMs(execution) };
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

/**
 * Takes the message of `before` back from the timer, where it would fire for nothing. Never throws: a message that
 * stays there is stale when it fires.
 */
export async function recall(ports: DispatchPorts, before: Execution): Promise<void> {
  if (!mayBeWithTimer(startableAtMs(before), before.updatedAtMs, ports.clock.now())) return;
  try {
    await ports.timer.clear(before.id, before.revision);
  } catch (error) {
    ports.onDispatchError("message not recalled", { executionId: before.id }, error);
  }
}

/** Returns the message of an execution, to be sent: with its group, and what became of one before it. */
export function dueMessageOf(
  { functions }: Pick<SendPorts, "functions">,
  execution: Execution,
  deployed = functions.get(execution.functionName),
): DueMessage {
  const group = deployed && groupOf(deployed, execution);
  const wasPutAside = execution.state === "created" && execution.wasPutAside;
  return { ...messageOf(execution), ...(group !== undefined && { group }), ...(wasPutAside && { wasPutAside }) };
}

export function messageOf({ id, revision, functionName, scheduledAtMs }: Execution): DueMessage {
  return { executionId: id, revision, functionName, scheduledAtMs };
}

/** @throws DomainError `bad_request` */
export function findFunction({ functions }: { functions: FunctionCatalog }, name: string): DeployedFunction {
  const deployed = functions.get(name);
  if (deployed === undefined) throw unknownFunction(name, functions.keys());
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
