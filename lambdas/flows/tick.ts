import { type ExecutionId, tickExecutionId } from "../core/ids.ts";
import type { Executions, SigningKeys } from "../core/ports.ts";
import { newExecution } from "./accept.ts";
import { dueMessageOf, findFunction, type SendPorts, sendOn } from "./dispatch.ts";

export interface TickPorts extends SendPorts {
  executions: Executions;
  tokens: SigningKeys;
}

/** A moment that a function's cron expression names. */
export interface Tick {
  functionName: string;
  /** A whole minute. */
  tickMs: number;
}

/** Makes the one execution of a tick and sends it on its way, however often the tick is delivered. */
export async function tick(
  ports: TickPorts,
  { functionName, tickMs }: Tick,
): Promise<{ executionId: ExecutionId; isNew: boolean }> {
  const deployed = findFunction(ports, functionName);
  const id = tickExecutionId(deployed.id, tickMs);
  const nowMs = ports.clock.now();
  const fresh = {
    ...(await newExecution(ports, deployed, { id, nowMs, scheduledAtMs: tickMs, by: "cron" })),
    arguments: { inline: "[]" },
  };
  const isNew = (await ports.executions.create(fresh)) === "created";
  const kept = isNew ? fresh : await ports.executions.get(id);
  // The writer may have died before it dispatched it.
  if (kept?.state === "created") await sendOn(ports, dueMessageOf(ports, kept));
  return { executionId: id, isNew };
}
