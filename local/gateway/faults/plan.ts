/** Faults and their rates, from 0 (never, the default) to 1 (always). */
export interface FaultPlan {
  /** The same seed gives the same decision for the n-th call of the same action by the same caller. */
  seed: number;
  /** Rate of AWS calls of functions that are throttled. */
  throttled?: number;
  /** Rate of these calls that are answered 500 without an effect. */
  failed?: number;
  /** Rate of these calls that get no answer for `holdMs`, then lose the connection; half take effect. Keep it rare. */
  timedOut?: number;
  /** Rate of these calls that lose the connection before they take effect. */
  cutBefore?: number;
  /** Rate of these calls that lose the connection after they took effect. */
  cutAfter?: number;
  /** Rate of `BatchWriteItem` and `BatchGetItem` calls that return some of several items unprocessed. */
  unprocessed?: number;
  /** Rate of messages to standard queues, also from schedules, that are delivered twice, up to `lateSeconds` apart. */
  twice?: number;
  /** Rate of these messages that are 1 to `lateSeconds` late. */
  late?: number;
  /** Rate of one-time schedules whose firing is lost. (Recurring ones fire again anyway.) */
  neverFired?: number;
  /** Rate of firings that call the target twice. */
  firedTwice?: number;
  /**
   * Rate of invocations whose environment is killed, half of them around one of the first AWS calls, half at a moment
   * within `killWithinMs`. An invocation that ends earlier survives.
   */
  killed?: number;
  /** Rate of `RunTask` calls for which there is no capacity. */
  refused?: number;
  /** Rate of tasks that stop before they begin, since their image cannot be loaded. */
  notStarted?: number;
  /** Rate of tasks whose end no event tells of. */
  eventLost?: number;
  /** Limits faults to these functions. */
  functions?: RegExp;
  /** Must exceed the clients' timeouts; default 7 s. */
  holdMs?: number;
  /** Default 3. */
  lateSeconds?: number;
  /** Default 1 s. */
  killWithinMs?: number;
  /**
   * Upper bound of the visibility timeout: messages that were received and not deleted become visible again after it at
   * the latest, since a test cannot wait for the queue's visibility timeout. Must exceed the time an event takes.
   */
  visibleAgainSeconds?: number;
}

/** Faults of calls: a call gets one at most. */
export const CALL_FAULTS = ["throttled", "failed", "timedOut", "cutBefore", "cutAfter", "unprocessed"] as const;
const OTHERS = ["twice", "late", "neverFired", "firedTwice", "killed", "refused", "notStarted", "eventLost"] as const;

/** Validates a plan. @throws RangeError for a rate outside 0 to 1, or rates of call faults above 1 together */
export function checkPlan(plan: FaultPlan): void {
  for (const name of [...CALL_FAULTS, ...OTHERS]) {
    const share = plan[name] ?? 0;
    if (!(share >= 0 && share <= 1)) throw new RangeError(`faults: ${name} must be from 0 to 1, not ${share}`);
  }
  const sum = CALL_FAULTS.reduce((total, name) => total + (plan[name] ?? 0), 0);
  // Allows for rounding of decimals that add up to 1.
  if (sum > 1 + 1e-9) throw new RangeError(`faults: ${CALL_FAULTS.join(" + ")} must not be over 1, and are ${sum}`);
}
