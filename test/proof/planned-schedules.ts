import type { Ports } from "../../harness/simulation/conditions.ts";
import type { SeededRandom } from "../../harness/simulation/seeded-random.ts";
import type { System } from "../../harness/simulation/system.ts";
import type { UserCode } from "../../harness/simulation/user-code.ts";
import { DomainError } from "../../lambdas/core/errors.ts";
import { leadMs, type Overlap, overlaps } from "../../lambdas/core/schedules/schedule.ts";
import { type CatchUp, catchUps } from "../../lambdas/core/schedules/ticks.ts";
import { pauseSchedule } from "../../lambdas/flows/change-schedule.ts";
import { deleteSchedule } from "../../lambdas/flows/delete-schedule.ts";
import { putSchedule, type ScheduleInput } from "../../lambdas/flows/put-schedule.ts";
import { runSchedule } from "../../lambdas/flows/run-schedule.ts";

/** A schedule of a simulation, and what its user does to it. Times count from the begin. */
export interface PlannedSchedule {
  atMs: number;
  everySeconds: number;
  ticks: number;
  overlap: Overlap;
  catchUp: CatchUp;
  jitterSeconds: number;
  code: UserCode;
  changes: readonly PlannedChange[];
}

interface PlannedChange {
  afterMs: number;
  /** Delay after the message of the next tick is handled: the change comes while the executions are made. */
  besideTickMs?: number;
  what: "replace" | "pause" | "resume" | "delete" | "run";
  /** Another caller replaces it at the same time. */
  hasRival?: boolean;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Tries of a caller that is not answered. */
const TRIES = 6;

/** Makes the schedules of a plan: none in half of all, else one or two. */
export function planSchedules(random: SeededRandom): PlannedSchedule[] {
  return Array.from({ length: random.pick([0, 0, 1, 2]) }, () => {
    const everySeconds = random.pick([2, 7, 20, 60, 200]);
    const ticks = random.between(3, 12);
    return {
      atMs: random.between(0, MINUTE),
      everySeconds,
      ticks,
      overlap: random.pick(["allow", "allow", ...overlaps]),
      catchUp: random.pick(["all", ...catchUps]),
      jitterSeconds: random.pick([0, 0, 0, 30]),
      code: { ms: random.pick([10, 500, 3_000]) },
      changes: Array.from({ length: random.between(0, 3) }, () => ({
        afterMs: random.between(0, Math.round((everySeconds * ticks * SECOND) / 2)),
        ...(random.chance(0.4) && { besideTickMs: random.between(-50, 300) }),
        what: random.pick(["replace", "replace", "pause", "resume", "delete", "run"] as const),
      })),
    };
  });
}

/** Schedules whose changes fall into the moments in which their ticks are made. */
export function changedBesideTicks(random: SeededRandom): PlannedSchedule[] {
  return Array.from({ length: 4 }, (_, index) => ({
    ...{ atMs: index * SECOND, everySeconds: 60, ticks: 12, jitterSeconds: 0, code: { ms: 10 } },
    overlap: "allow",
    catchUp: "all",
    changes: Array.from({ length: 8 }, () => ({
      afterMs: 20 * SECOND,
      besideTickMs: random.between(-50, 500),
      what: random.pick(["replace", "pause", "resume"] as const),
      hasRival: random.chance(0.3),
    })),
  }));
}

/** Makes the schedule `name` and does to it what is planned, one after the other, as a client that tries again. */
export async function keepSchedule(system: System, planned: PlannedSchedule, name: string): Promise<void> {
  const { everySeconds, ticks, code, changes, atMs: _, ...rest } = planned;
  const anchorMs = Math.ceil(system.time.now() / SECOND) * SECOND;
  const inputOf = (request: number): ScheduleInput => ({
    ...rest,
    functionName: "importContacts",
    arguments: JSON.stringify([code]),
    metadata: {},
    ticks: () => ({ rule: { everySeconds, anchorMs }, endsAtMs: anchorMs + everySeconds * ticks * SECOND }),
    request,
  });
  const acts: Record<PlannedChange["what"], (ports: Ports, index: number) => Promise<unknown>> = {
    replace: (ports, index) => putSchedule(ports, name, inputOf(index)),
    pause: (ports) => pauseSchedule(ports, name, true),
    resume: (ports) => pauseSchedule(ports, name, false),
    delete: (ports) => deleteSchedule(ports, name),
    run: (ports, index) => runSchedule(ports, name, { idempotencyKey: `${name}-${index}` }),
  };
  await untilAnswered(system, (ports) => putSchedule(ports, name, inputOf(-1)));
  for (const [index, { afterMs, besideTickMs, what, hasRival }] of changes.entries()) {
    await system.time.sleep(afterMs);
    const schedule = system.schedules.get(name);
    if (besideTickMs !== undefined && schedule?.nextAtMs !== undefined) {
      const actedOnMs = schedule.nextAtMs - leadMs(schedule) + besideTickMs;
      await system.time.sleep(Math.max(0, actedOnMs - system.time.now()));
    }
    await Promise.all([
      untilAnswered(system, (ports) => acts[what](ports, index)),
      hasRival && untilAnswered(system, (ports) => acts.replace(ports, changes.length + index)),
    ]);
  }
}

async function untilAnswered(system: System, act: (ports: Ports) => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const result = await system.api(act);
    if ("returned" in result || ("threw" in result && result.threw instanceof DomainError)) return;
    await system.time.sleep(SECOND * 2 ** tries);
  }
}
