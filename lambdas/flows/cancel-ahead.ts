import { scheduleCaller } from "../core/execution.ts";
import type { Clock, Executions } from "../core/ports.ts";
import { AHEAD_MS, executionIdOf, type Schedule } from "../core/schedules/schedule.ts";
import { ticksWithin } from "../core/schedules/ticks.ts";
import { decide } from "./decide.ts";

interface CancelPorts {
  executions: Executions;
  clock: Clock;
}

/** More than `AHEAD_MS`: the clocks of two Lambdas never agree. */
const SPAN_MS = AHEAD_MS + 15_000;

/**
 * Cancels the executions that `schedule`, as it was before a change, has made for ticks after `nowMs`.
 * @returns the latest of these ticks whose execution had begun nevertheless
 */
export async function cancelAhead(
  ports: CancelPorts,
  schedule: Schedule,
  nowMs = ports.clock.now(),
): Promise<number | undefined> {
  const ticks = ticksWithin(schedule.ticks, nowMs, nowMs + SPAN_MS);
  const begun = await Promise.all(ticks.map((tickMs) => cancelTick(ports, schedule, tickMs)));
  return ticks.findLast((_, index) => begun[index]);
}

/** Cancels the execution of one tick, if there is one. Returns whether it had begun already. */
export async function cancelTick(
  ports: CancelPorts,
  schedule: Pick<Schedule, "id" | "name" | "revision" | "functionId">,
  tickMs: number,
): Promise<boolean> {
  const by = scheduleCaller(schedule.name);
  const decision = await decide(ports, executionIdOf(schedule, tickMs), { type: "cancel", force: false, by });
  // Its message is stale from now on, wherever it is.
  return decision !== undefined && "state" in decision && decision.state !== "cancelled";
}
