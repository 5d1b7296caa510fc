import { isDeepStrictEqual } from "node:util";
import type { MovableClock } from "../../clock.ts";
import { AwsFailure } from "../../gateway/failures.ts";
import type { Timing } from "./expression.ts";
import { Invocations } from "./invocations.ts";
import { dueAfter, type Group, lastOfMany, type Schedule } from "./schedule.ts";
import { checkDates, invalid, type Settings, timingOf } from "./settings.ts";
import { DEFAULT_GROUP, Store } from "./store.ts";
import type { Targets } from "./targets.ts";

export interface SchedulerOptions {
  /** File that keeps the state across restarts; without it the state is in memory. */
  file: string | undefined;
  clock: MovableClock;
  targets: Targets;
  /** Point within its window at which a schedule calls its target: at least 0, less than 1. */
  random: () => number;
  /** How often a firing schedule calls its target: once without faults. */
  timesFired: (kind: "once" | "recurring", name: string) => number;
  /** Whether EventBridge Scheduler may assume a role for a schedule of a group. */
  mayAssume: (roleArn: string, group: string) => boolean;
  onProblem: (text: string) => void;
}

type Given = Pick<Schedule, "group" | "name" | "settings" | "clientToken" | "isOfTemplate">;

/** How many times a recurring schedule fires in one leap of the clock. */
const MAX_TIMES_IN_LEAP = 100;

/** EventBridge Scheduler: groups, schedules and their due times, by its own clock. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #store: Store;
  readonly #invocations: Invocations;
  /** Schedules and groups of this run's templates. */
  readonly #adopted = new Set<Schedule>();
  #leaps: Promise<void> = Promise.resolve();

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#store = new Store(options.file, options.clock.now());
    this.#invocations = new Invocations({ ...options, store: this.#store });
  }

  get groups(): Group[] {
    return this.#store.groups;
  }

  get schedules(): Schedule[] {
    return this.#store.schedules;
  }

  /**
   * Starts firing. Schedules that fell due before this process fire at once, recurring ones for the last time only.
   * Removes what is in no template any more.
   */
  start(): void {
    const nowMs = this.#options.clock.now();
    for (const schedule of this.#store.schedules) {
      if (schedule.isOfTemplate && !this.#adopted.has(schedule)) this.removeSchedule(schedule);
      else this.#skipAllButLast(schedule, nowMs, 1);
    }
    this.#options.clock.start();
  }

  /**
   * Moves the clock forward. Schedules that fall due fire in order, but one that recurs more than 100 times fires for
   * the last time only. Resolves when each was delivered, or has failed and waits for its next attempt.
   */
  advance(ms: number): Promise<void> {
    // One leap at a time.
    const leap = this.#leaps.then(() => {
      const untilMs = this.#options.clock.now() + ms;
      for (const schedule of this.#store.schedules) this.#skipAllButLast(schedule, untilMs, MAX_TIMES_IN_LEAP);
      return this.#options.clock.advance(ms);
    });
    this.#leaps = leap.catch(() => {});
    return leap;
  }

  /** Resolves when nothing runs. */
  stop(): Promise<void> {
    return this.#options.clock.stop();
  }

  /** @throws AwsFailure ResourceNotFoundException */
  group(name: string): Group {
    return this.#store.group(name) ?? notFound(`Schedule group ${name} does not exist.`);
  }

  /** @throws AwsFailure ConflictException */
  createGroup(name: string): Group {
    if (this.#store.group(name) !== undefined) throw conflict(`Schedule group ${name} already exists.`);
    const nowMs = this.#options.clock.now();
    const group = { name, createdMs: nowMs, modifiedMs: nowMs };
    this.#store.putGroup(group);
    return group;
  }

  /** Removes a group with its schedules, at once. @throws AwsFailure */
  removeGroup(name: string): void {
    this.group(name);
    if (name === DEFAULT_GROUP) throw invalid("The default schedule group cannot be deleted.");
    for (const schedule of this.#store.schedules) if (schedule.group === name) this.removeSchedule(schedule);
    this.#store.removeGroup(name);
  }

  /** @throws AwsFailure ResourceNotFoundException */
  schedule(group: string, name: string): Schedule {
    this.group(group);
    return this.#store.schedule(group, name) ?? notFound(`Schedule ${name} does not exist.`);
  }

  /** @throws AwsFailure ConflictException, ValidationException, ResourceNotFoundException */
  createSchedule(given: Given): Schedule {
    this.group(given.group);
    const timing = timingOf(given.settings);
    const existing = this.#store.schedule(given.group, given.name);
    if (existing !== undefined) {
      const isSame =
        given.clientToken !== undefined &&
        given.clientToken === existing.clientToken &&
        isDeepStrictEqual(given.settings, existing.settings);
      if (isSame) return existing;
      throw conflict(`Schedule ${given.name} already exists.`);
    }
    const nowMs = this.#options.clock.now();
    return this.#put({ ...given, createdMs: nowMs, modifiedMs: nowMs, invocations: [] }, timing);
  }

  /** Replaces all its settings. @throws AwsFailure ValidationException */
  updateSchedule(existing: Schedule, settings: Settings): Schedule {
    const modifiedMs = this.#options.clock.now();
    return this.#put({ ...existing, settings, modifiedMs, invocations: [] }, timingOf(settings), existing);
  }

  /** Creates or changes a template's schedule; an unchanged one goes on. @throws AwsFailure */
  adoptSchedule(group: string, name: string, settings: Settings): Schedule {
    const existing = this.#store.schedule(group, name);
    if (existing !== undefined && !existing.isOfTemplate) throw conflict(`Schedule ${name} already exists.`);
    const adopted =
      existing === undefined
        ? this.createSchedule({ group, name, settings, isOfTemplate: true })
        : isDeepStrictEqual(existing.settings, settings)
          ? existing
          : this.updateSchedule(existing, settings);
    this.#adopted.add(adopted);
    return adopted;
  }

  removeSchedule(schedule: Schedule): void {
    this.#invocations.disarm(schedule);
    this.#store.removeSchedule(schedule);
  }

  #put(schedule: Schedule, timing: Timing, replaced?: Schedule): Schedule {
    const { settings } = schedule;
    const nowMs = this.#options.clock.now();
    checkDates(settings, timing, nowMs);
    if (!this.#options.mayAssume(settings.Target.RoleArn, schedule.group)) {
      throw invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.");
    }
    if (replaced !== undefined) this.#invocations.disarm(replaced);
    const dueMs = settings.State === "ENABLED" ? dueAfter(schedule, timing, nowMs - 1) : undefined;
    if (dueMs !== undefined) this.#invocations.plan(schedule, dueMs);
    this.#store.putSchedule(schedule);
    return schedule;
  }

  #skipAllButLast(schedule: Schedule, untilMs: number, limit: number): void {
    const next = schedule.invocations.find(({ attempt }) => attempt === 1);
    if (next === undefined) return;
    const range = { fromMs: next.dueMs - 1, untilMs, limit };
    const lastMs = lastOfMany(schedule, timingOf(schedule.settings), range);
    if (lastMs !== undefined) this.#invocations.replan(schedule, next, lastMs);
  }
}

function conflict(message: string): AwsFailure {
  return new AwsFailure(409, "ConflictException", message);
}

function notFound(message: string): never {
  throw new AwsFailure(404, "ResourceNotFoundException", message);
}
