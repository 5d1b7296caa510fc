import type { FunctionCatalog } from "../core/functions.ts";
import type { Schedules } from "../core/ports.ts";
import { recheckLater } from "../core/schedules/schedule.ts";
import { type SendTickPorts, sendTick } from "./send-tick.ts";

export interface RecoverSchedulePorts extends SendTickPorts {
  schedules: Schedules;
  functions: FunctionCatalog;
}

/** A message that was sent again is given this long. */
const RETRY_MS = 60_000;

/** A function that is not deployed is looked for again after this long. */
const MISS_MS = 1_800_000;

/** Sends the message of a schedule again whose tick has passed without it. */
export async function recoverSchedule(
  ports: RecoverSchedulePorts,
  name: string,
): Promise<"sentAgain" | "missing" | undefined> {
  const schedule = await ports.schedules.get(name);
  const nowMs = ports.clock.now();
  if (schedule?.recheckAtMs === undefined || nowMs < schedule.recheckAtMs) return undefined;
  const isDeployed = ports.functions.has(schedule.functionName);
  if (isDeployed) await sendTick(ports, schedule);
  await ports.schedules.apply(recheckLater(schedule, isDeployed ? RETRY_MS : MISS_MS, nowMs));
  return isDeployed ? "sentAgain" : "missing";
}
