import type { Clock } from "../../../core/ports.ts";
import { timestamp } from "../../../core/present-execution.ts";
import { nextTicks } from "../../../core/schedules/ticks.ts";
import { type FindSchedulePorts, findSchedule } from "../../../flows/find-schedule.ts";
import { type Endpoint, json } from "../../endpoint.ts";
import { parseNamed } from "../../parse.ts";
import { single, toNumber } from "../../parse-list-query.ts";
import { TickCount } from "../../schemas/schedules.ts";

/** `GET /public/v2/schedules/{name}/next`: its next ticks; none while it is paused. */
export function getNextTicks(ports: FindSchedulePorts & { clock: Clock }): Endpoint {
  return async ({ parameters: { name = "" }, query }) => {
    const counts = query.getAll("count");
    const count = parseNamed("count", TickCount, counts.length === 0 ? undefined : toNumber([single("count", counts)]));
    const schedule = await findSchedule(ports, name);
    const ticks = "ticks" in schedule ? schedule.ticks : { rule: { cron: schedule.cron, timezone: "UTC" } };
    const isPaused = "isPaused" in schedule && schedule.isPaused;
    return json(200, { data: isPaused ? [] : nextTicks(ticks, ports.clock.now(), count).map(timestamp) });
  };
}
