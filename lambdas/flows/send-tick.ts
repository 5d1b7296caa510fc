import { MAX_DELAY_SECONDS } from "../core/limits.ts";
import type { Clock, TickMessage, TickMessages } from "../core/ports.ts";
import { leadMs, type Schedule } from "../core/schedules/schedule.ts";

export interface SendTickPorts {
  ticks: TickMessages;
  clock: Clock;
}

/** EventBridge Scheduler fires within the minute after the time it was set to. */
const TIMER_LEAD_MS = 120_000;

/**
 * Sends the message of a schedule's next tick, so that it comes a little before it is acted on: through the queue, or
 * beyond its reach by the timer.
 */
export async function sendTick(ports: SendTickPorts, schedule: Schedule): Promise<void> {
  const message = tickMessageOf(schedule);
  if (message === undefined) return;
  const delaySeconds = Math.floor(Math.max(0, message.tickMs - leadMs(schedule) - ports.clock.now()) / 1000);
  if (delaySeconds > MAX_DELAY_SECONDS) await ports.ticks.sendAt(message, message.tickMs - TIMER_LEAD_MS);
  else await ports.ticks.send(message, delaySeconds);
}

/** Takes the message of a schedule's next tick back from the timer, where it would fire for nothing. */
export async function takeBackTick(ports: SendTickPorts, schedule: Schedule): Promise<void> {
  const message = tickMessageOf(schedule);
  // Later than that it has left the timer.
  if (message !== undefined && message.tickMs - ports.clock.now() > TIMER_LEAD_MS / 2)
    await ports.ticks.takeBack(message);
}

function tickMessageOf({ name, id, revision, functionId, ticks, nextAtMs }: Schedule): TickMessage | undefined {
  if (nextAtMs === undefined) return undefined;
  return { schedule: name, scheduleId: id, revision, functionId, ticks, tickMs: nextAtMs };
}
