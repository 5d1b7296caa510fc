import { json } from "./errors.ts";
import type { Call } from "./transport.ts";

/** An alarm of the deployment that rings. */
export interface Alarm {
  name: string;
  reason: string;
  next_step: string;
  since: string;
}

export async function readAlarms(call: Call): Promise<Alarm[]> {
  return ((await json(await call("GET", "/alarms"))) as { data: Alarm[] }).data;
}
