import type { Execution, Parent } from "../core/execution.ts";
import type { Schedules } from "../core/ports.ts";
import { noteRun, type ScheduledRun } from "../core/schedules/schedule.ts";
import { type EnqueuePorts, enqueue } from "./enqueue.ts";
import { findStored } from "./find-schedule.ts";

export interface RunSchedulePorts extends EnqueuePorts {
  schedules: Schedules;
}

/**
 * Runs a schedule once now, out of turn, also while it is paused.
 * @throws DomainError `not_found`; those of {@link enqueue}
 */
export async function runSchedule(
  ports: RunSchedulePorts,
  name: string,
  { parent, by, idempotencyKey }: { parent?: Parent | undefined; by?: string; idempotencyKey?: string | undefined },
): Promise<Execution> {
  const schedule = await findStored(ports, name);
  const { functionName, metadata } = schedule;
  const text = await ports.payloads.read(schedule.arguments, schedule.argumentsKey);
  const input = { functionName, metadata, arguments: text, parent, by, scheduleName: name };
  const execution = await enqueue(ports, input, idempotencyKey);
  try {
    await note(ports, name, schedule.id, { atMs: execution.createdAtMs, executionId: execution.id });
  } catch (error) {
    ports.onDispatchError("run of a schedule not noted", { schedule: name }, error);
  }
  return execution;
}

async function note(ports: RunSchedulePorts, name: string, id: string, run: ScheduledRun): Promise<void> {
  for (;;) {
    const schedule = await ports.schedules.get(name);
    if (schedule?.id !== id) return;
    if ((await ports.schedules.apply(noteRun(schedule, run, ports.clock.now()))) === "applied") return;
  }
}
