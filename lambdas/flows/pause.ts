import { DomainError } from "../core/errors.ts";
import type { DeployedFunction } from "../core/functions.ts";
import type { WakeLanesPorts } from "./wake-lanes.ts";
import { type WakePorts, wakeParked } from "./wake-parked.ts";

/**
 * Pauses a function: within 10 seconds nothing of it starts any more, and what becomes due is parked. What runs goes
 * on.
 * @param by the caller's name
 * @throws DomainError `not_found`
 */
export async function pause(ports: WakeLanesPorts, functionName: string, by?: string): Promise<DeployedFunction> {
  const deployed = find(ports, functionName);
  await ports.pauses.pause(deployed.id, by);
  return deployed;
}

/**
 * Lets a function start again, first what was parked, by due time. Of very many a job wakes the rest, which the sweep
 * starts where this dies before.
 * @throws DomainError `not_found`
 */
export async function resume(ports: WakePorts, functionName: string): Promise<DeployedFunction> {
  const deployed = find(ports, functionName);
  await ports.pauses.resume(deployed.id);
  await wakeParked(ports, deployed);
  return deployed;
}

function find({ functions }: Pick<WakeLanesPorts, "functions">, name: string): DeployedFunction {
  const deployed = functions.get(name);
  if (deployed === undefined) throw new DomainError("not_found", "there is no function of this name");
  return deployed;
}
