import type { Alarms } from "../../core/ports.ts";
import { timestamp } from "../../core/present-execution.ts";
import { type Endpoint, json } from "../endpoint.ts";

/** `GET /public/v2/alarms`: the alarms that ring, each with its reason and what to do, the latest first. */
export function getAlarms({ alarms }: { alarms: Alarms }): Endpoint {
  return async () => {
    const ringing = [...(await alarms.ringing())].sort((a, b) => b.sinceMs - a.sinceMs);
    const data = ringing.map(({ id, reason, next, sinceMs }) => ({
      name: id,
      reason,
      next_step: next,
      since: timestamp(sinceMs),
    }));
    return json(200, { data });
  };
}
