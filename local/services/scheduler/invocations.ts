import { randomBytes } from "node:crypto";
import type { MovableClock } from "../../clock.ts";
import { payloadOf, timeOf } from "./payload.ts";
import { dueAfter, type Schedule, type ScheduleInvocation, scheduleArn } from "./schedule.ts";
import { timingOf } from "./settings.ts";
import type { Store } from "./store.ts";
import type { Targets } from "./targets.ts";

export interface InvocationsOptions {
  clock: MovableClock;
  store: Store;
  targets: Targets;
  random: () => number;
  /** How often a firing schedule calls its target: once without faults. */
  timesFired: (kind: "once" | "recurring", name: string) => number;
  onProblem: (text: string) => void;
}

/**
 * Window of a target's call. Source: EventBridge Scheduler User Guide, "Schedule types" (60 second precision). It
 * begins at the due second: AWS promises no more for times off the minute.
 */
const PRECISION_MS = 60_000;

/** AWS documents only that the time between attempts grows exponentially. */
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 3_600_000;

/** Pending calls of targets, and their retries. */
export class Invocations {
  readonly #options: InvocationsOptions;
  readonly #cancels = new Map<ScheduleInvocation, () => void>();

  constructor(options: InvocationsOptions) {
    this.#options = options;
    for (const schedule of options.store.schedules) for (const it of schedule.invocations) this.#arm(schedule, it);
  }

  /** Schedules a call of the target within the window from `dueMs` on. */
  plan(schedule: Schedule, dueMs: number): void {
    const { FlexibleTimeWindow: window } = schedule.settings;
    const windowMs = window.Mode === "OFF" ? PRECISION_MS : window.MaximumWindowInMinutes * 60_000;
    const callMs = dueMs + Math.floor(this.#options.random() * windowMs);
    const invocation = { dueMs, callMs, attempt: 1 };
    schedule.invocations.push(invocation);
    this.#arm(schedule, invocation);
  }

  /** Moves a call to another due time. */
  replan(schedule: Schedule, invocation: ScheduleInvocation, dueMs: number): void {
    this.#drop(schedule, invocation);
    this.plan(schedule, dueMs);
    this.#options.store.putSchedule(schedule);
  }

  /** Cancels the pending calls of a schedule, but not a running one. */
  disarm(schedule: Schedule): void {
    for (const invocation of schedule.invocations) this.#disarm(invocation);
  }

  #arm(schedule: Schedule, invocation: ScheduleInvocation): void {
    this.#cancels.set(
      invocation,
      this.#options.clock.at(invocation.callMs, () => this.#call(schedule, invocation)),
    );
  }

  #disarm(invocation: ScheduleInvocation): void {
    this.#cancels.get(invocation)?.();
    this.#cancels.delete(invocation);
  }

  #drop(schedule: Schedule, invocation: ScheduleInvocation): void {
    this.#disarm(invocation);
    schedule.invocations = schedule.invocations.filter((it) => it !== invocation);
  }

  async #call(schedule: Schedule, invocation: ScheduleInvocation): Promise<void> {
    this.#cancels.delete(invocation);
    this.#planNext(schedule, invocation);
    invocation.firstCallMs ??= this.#options.clock.now();
    const executionId = randomBytes(8).toString("hex");
    const payload = payloadOf(schedule, invocation, executionId);
    try {
      await this.#callTarget(schedule, payload);
      this.#drop(schedule, invocation);
    } catch (error) {
      await this.#failed(schedule, invocation, { error, executionId, payload });
    }
    this.#keep(schedule);
  }

  async #callTarget({ name, settings }: Schedule, payload: string): Promise<void> {
    const kind = timingOf(settings).kind === "at" ? "once" : "recurring";
    for (let left = this.#options.timesFired(kind, name); left > 0; left -= 1) {
      await this.#options.targets.call(settings.Target, payload);
    }
  }

  /** Schedules the call of the next due time, independent of retries. */
  #planNext(schedule: Schedule, { dueMs, attempt }: ScheduleInvocation): void {
    const isPlanned = attempt > 1 || schedule.invocations.some((it) => it.dueMs > dueMs);
    const nextMs = isPlanned ? undefined : dueAfter(schedule, timingOf(schedule.settings), dueMs);
    if (nextMs !== undefined) this.plan(schedule, nextMs);
  }

  // After its end only: a call during which the process ends is repeated, as in AWS.
  #keep(schedule: Schedule): void {
    const { store } = this.#options;
    // Otherwise it was removed or replaced meanwhile.
    const isCurrent = store.schedule(schedule.group, schedule.name) === schedule;
    const isThrough = schedule.invocations.length === 0 && schedule.settings.ActionAfterCompletion === "DELETE";
    if (!isCurrent) this.disarm(schedule);
    else if (isThrough) store.removeSchedule(schedule);
    else store.putSchedule(schedule);
  }

  async #failed(schedule: Schedule, invocation: ScheduleInvocation, failure: Failure): Promise<void> {
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = schedule.settings.Target.RetryPolicy;
    const { attempt, firstCallMs = 0 } = invocation;
    const nowMs = this.#options.clock.now();
    const callMs = nowMs + Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), MAX_BACKOFF_MS);
    const isTooOld = callMs > firstCallMs + MaximumEventAgeInSeconds * 1_000;
    if (attempt === 1) this.#report(schedule, "cannot call its target", failure.error);
    this.#drop(schedule, invocation);
    if (attempt > MaximumRetryAttempts) return this.#giveUp(schedule, invocation, failure, "MaximumRetryAttempts");
    if (isTooOld) return this.#giveUp(schedule, invocation, failure, "MaximumEventAgeInSeconds");
    const again = { ...invocation, callMs, attempt: attempt + 1 };
    schedule.invocations.push(again);
    this.#arm(schedule, again);
  }

  async #giveUp(schedule: Schedule, { dueMs, attempt }: ScheduleInvocation, failure: Failure, exhausted: string) {
    const { Arn, RoleArn, DeadLetterConfig } = schedule.settings.Target;
    this.#report(schedule, `gives up after ${attempt} calls (${exhausted})`, failure.error);
    if (DeadLetterConfig?.Arn === undefined) return;
    const { name, message } = failure.error instanceof Error ? failure.error : new Error(String(failure.error));
    // An attribute of SQS must not be empty.
    const details = {
      ERROR_CODE: name,
      ERROR_MESSAGE: message || name,
      EXECUTION_ID: failure.executionId,
      EXHAUSTED_RETRY_CONDITION: exhausted,
      IS_PAYLOAD_TRUNCATED: "false",
      RETRY_ATTEMPTS: String(attempt - 1),
      SCHEDULED_TIME: timeOf(dueMs),
      SCHEDULE_ARN: scheduleArn(schedule),
      TARGET_ARN: Arn,
    };
    await this.#options.targets
      .bury(DeadLetterConfig.Arn, RoleArn, failure.payload, details)
      .catch((error: unknown) => this.#report(schedule, "cannot reach its dead-letter queue", error));
  }

  #report({ group, name }: Schedule, what: string, error: unknown): void {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#options.onProblem(`schedule ${group}/${name}: ${what}: ${reason}`);
  }
}

interface Failure {
  error: unknown;
  executionId: string;
  payload: string;
}
