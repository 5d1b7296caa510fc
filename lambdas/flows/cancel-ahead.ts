import { createdByOf } from "../core/execution.ts";
import type { Clock, Executions } from "../core/ports.ts";
import { executionIdOf, FOUND_AHEAD_MS, type Schedule, scheduledAtMs } from "../core/schedules/schedule.ts";
import { ticksWithin } from "../core/schedules/ticks.ts";
import { next } from "../core/transitions.ts";

interface CancelPorts {
  executions: Executions;
  clock: Clock;
}

/** Properties of a schedule that tell the ids of its executions. */
type Identified = Pick<Schedule, "id" | "revision" | "functionId">;
type Written = Identified & Pick<Schedule, "ticks">;

/** Executions that are cancelled at once. */
const AT_ONCE = 50;

/** Cancels the executions that `schedule`, as it was before a change, has made for ticks after `fromMs`. */
export function cancelAhead(ports: CancelPorts, schedule: Written, fromMs = ports.clock.now()): Promise<void> {
  return cancelTicks(ports, schedule, ticksWithin(schedule.ticks, fromMs, ports.clock.now() + FOUND_AHEAD_MS));
}

/** Cancels those as well whose tick has come but which are not due yet, for their jitter: of a schedule that stops. */
export function cancelUndue(
  ports: CancelPorts,
  schedule: Written & Pick<Schedule, "jitterSeconds">,
  fromMs = ports.clock.now(),
): Promise<void> {
  const ticks = ticksWithin(schedule.ticks, fromMs - schedule.jitterSeconds * 1000, ports.clock.now() + FOUND_AHEAD_MS);
  return cancelTicks(
    ports,
    schedule,
    ticks.filter((tickMs) => scheduledAtMs(schedule, tickMs) > fromMs),
  );
}

/**
 * Cancels the execution of one tick, if there is one. Its message is stale from then on, wherever it is.
 * @returns whether it had begun already: it may run, have ended, or wait for a retry
 */
export async function cancelTick(ports: CancelPorts, schedule: Identified, tickMs: number): Promise<boolean> {
  for (;;) {
    const execution = await ports.executions.get(executionIdOf(schedule, tickMs));
    if (execution === undefined) return false;
    if (execution.attempt > 1) return true;
    const by = createdByOf(execution);
    const decision = next(execution, { type: "cancel", force: false, by }, ports.clock.now());
    if (!("to" in decision)) return execution.state !== "cancelled";
    if ((await ports.executions.apply(decision)) === "applied") return false;
  }
}

async function cancelTicks(ports: CancelPorts, schedule: Identified, ticks: readonly number[]): Promise<void> {
  for (let start = 0; start < ticks.length; start += AT_ONCE) {
    await Promise.all(ticks.slice(start, start + AT_ONCE).map((tickMs) => cancelTick(ports, schedule, tickMs)));
  }
}
