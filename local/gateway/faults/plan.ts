/** What goes wrong, as shares from 0 (never, the default) to 1 (always), and how. */
export interface FaultPlan {
  /** The same seed decides the same for the n-th time that the same caller asks for the same. */
  seed: number;
  /** Of the AWS calls of functions: the service refuses for now. */
  throttled?: number;
  /** Of these calls: the service answers 500, and has done nothing. */
  failed?: number;
  /** Of these calls: no answer for `holdMs`, then the connection is lost; every second one took effect. Keep it rare. */
  timedOut?: number;
  /** Of these calls: the connection is lost before the service has heard of the call. */
  cutBefore?: number;
  /** Of these calls: the connection is lost after the call took effect. */
  cutAfter?: number;
  /** Of the calls of `BatchWriteItem` and `BatchGetItem` for several items: some of them come back unprocessed. */
  unprocessed?: number;
  /** Of the messages to standard queues, also those from schedules: delivered twice, up to `lateSeconds` apart. */
  twice?: number;
  /** Of these messages: 1 to `lateSeconds` late. */
  late?: number;
  /** Of the firings of one-time schedules: lost. (What recurs comes again anyway.) */
  neverFired?: number;
  /** Of the firings of all schedules: the target is called twice. */
  firedTwice?: number;
  /**
   * Of the invocations of functions: the environment is killed, half of them around one of the first AWS calls, half at
   * a moment within `killWithinMs`. An invocation that ends before that lives.
   */
  killed?: number;
  /** Only these functions' calls and invocations. */
  functions?: RegExp;
  /** More than what the clients wait for; 7 s without it. */
  holdMs?: number;
  /** 3 without it. */
  lateSeconds?: number;
  /** 1 s without it. */
  killWithinMs?: number;
  /**
   * What event source mappings have taken and not deleted, or functions keep from others, comes again after so long at
   * the latest, not after the visibility timeout of its queue, which a test cannot wait for. Give more than what an event
   * takes.
   */
  visibleAgainSeconds?: number;
}

/** Exactly one of these befalls a call, if any. */
export const CALL_FAULTS = ["throttled", "failed", "timedOut", "cutBefore", "cutAfter", "unprocessed"] as const;
const OTHERS = ["twice", "late", "neverFired", "firedTwice", "killed"] as const;

/** @throws RangeError for a share that is none, or shares of calls of more than 1 together */
export function checkPlan(plan: FaultPlan): void {
  for (const name of [...CALL_FAULTS, ...OTHERS]) {
    const share = plan[name] ?? 0;
    if (!(share >= 0 && share <= 1)) throw new RangeError(`faults: ${name} must be from 0 to 1, not ${share}`);
  }
  const sum = CALL_FAULTS.reduce((total, name) => total + (plan[name] ?? 0), 0);
  // Of what adds up to 1 in decimals.
  if (sum > 1 + 1e-9) throw new RangeError(`faults: ${CALL_FAULTS.join(" + ")} must not be over 1, and are ${sum}`);
}
