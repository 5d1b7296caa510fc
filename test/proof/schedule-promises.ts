import type { System } from "../../harness/simulation/system.ts";
import { executionIdOf, type Schedule, scheduledAtMs } from "../../lambdas/core/schedules/schedule.ts";
import { ticksWithin } from "../../lambdas/core/schedules/ticks.ts";

/** A schedule between two changes. */
interface Revision {
  schedule: Schedule;
  fromMs: number;
  untilMs: number;
}

/** A change may overtake a tick whose message is late. */
const OVERTAKEN_WITHIN_MS = 15 * 60_000;

/** The same where nothing goes wrong: executions are written that long ahead. */
const LEAD_MS = 5_000;

/** A start within this time after a stop may have been under way already. */
const UNDER_WAY_MS = 1_000;

/** Every promise of a system's schedules that is broken, in words. */
export function brokenSchedules(system: System): string[] {
  const ids = new Set(system.history.schedules.map(({ id }) => id));
  return [...ids].flatMap((id) => {
    const revisions = revisionsOf(system, id);
    const ticks = new Set(revisions.flatMap(({ schedule, fromMs }) => ticksWithin(schedule.ticks, fromMs, Infinity)));
    const brokenChanges = [...undoneChange(system, id), ...overwrittenChange(system, id)];
    return [...brokenChanges, ...[...ticks].flatMap((tickMs) => brokenTick(system, revisions, tickMs))];
  });
}

function undoneChange({ history }: System, id: string): string[] {
  const writes = history.schedules.filter((it) => it.id === id);
  const isUndone = writes.some(({ revision }, index) => revision < (writes[index - 1]?.revision ?? 0));
  return isUndone ? [`a change of ${writes[0]?.name} was undone`] : [];
}

// All writes of a revision but its first are about its ticks.
function overwrittenChange({ history }: System, id: string): string[] {
  const changes = history.schedules.filter((it) => it.id === id);
  const asked = (it: Schedule) => `${it.fingerprint} ${it.isPaused}`;
  const firstOf = (it: Schedule) => changes.find(({ revision }) => revision === it.revision) ?? it;
  const isOverwritten = changes.some((it) => asked(it) !== asked(firstOf(it)));
  return isOverwritten ? [`a change of ${changes[0]?.name} was overwritten by another one`] : [];
}

function revisionsOf({ history, time }: System, id: string): Revision[] {
  const writes = history.schedules.filter((it) => it.id === id);
  const firsts = writes.filter(({ revision }, index) => writes.findIndex((it) => it.revision === revision) === index);
  const removedMs = history.removedSchedules.get(id);
  return firsts.map((schedule, index) => ({
    schedule,
    fromMs: schedule.updatedAtMs,
    untilMs: firsts[index + 1]?.updatedAtMs ?? removedMs ?? time.now() + OVERTAKEN_WITHIN_MS,
  }));
}

function brokenTick(system: System, revisions: readonly Revision[], tickMs: number): string[] {
  const made = revisions.flatMap(({ schedule }) => {
    const execution = system.records.get(executionIdOf(schedule, tickMs));
    return execution === undefined ? [] : [{ execution, schedule }];
  });
  const ran = made.filter(({ execution }) => execution.state !== "cancelled");
  const asked = revisions.find(({ fromMs, untilMs }) => fromMs < tickMs && tickMs <= untilMs);
  const about = `the tick ${tickMs} of ${revisions[0]?.schedule.name}`;
  return [
    // Nothing can stop a worker that froze right before it wrote the execution of a revision that is gone by then.
    ...(ran.length > 1 && system.agreesOnTime && system.isSteady ? [`${about} ran ${ran.length} times`] : []),
    ...(asked && ran.length === 0 && isToRun(system, asked, tickMs) ? [`${about} is lost`] : []),
    ...(system.isCalm && ran.some(({ schedule }) => isStopped(revisions, schedule, tickMs))
      ? [`${about} ran although its schedule was stopped before`]
      : []),
  ];
}

function isToRun({ isCalm }: System, { schedule, untilMs }: Revision, tickMs: number): boolean {
  const { overlap, catchUp, isPaused } = schedule;
  if (isPaused || overlap !== "allow") return false;
  const dueMs = scheduledAtMs(schedule, tickMs);
  return isCalm ? dueMs <= untilMs - LEAD_MS : catchUp === "all" && dueMs <= untilMs - OVERTAKEN_WITHIN_MS;
}

// Whether the revision that made the tick was paused or removed before it was due.
function isStopped(revisions: readonly Revision[], made: Schedule, tickMs: number): boolean {
  const index = revisions.findIndex(({ schedule }) => schedule === made);
  const next = revisions[index + 1];
  return (
    (next === undefined || next.schedule.isPaused) &&
    scheduledAtMs(made, tickMs) > (revisions[index]?.untilMs ?? Infinity) + UNDER_WAY_MS
  );
}
