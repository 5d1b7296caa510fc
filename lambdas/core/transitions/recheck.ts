import { type Created, type Execution, startableAtMs, wakeAtMs } from "../execution.ts";
import type { FollowUps } from "../follow-ups.ts";
import type { ExecutionEvent, Refusal, Transition } from "./event.ts";
import { discard, FOLLOW_UP_MS, followed, isPastDiscard, to, withoutWait } from "./to.ts";

/** An execution that has not started this long after its due time may have lost its message. */
const OVERDUE_MS = 60_000;

/** One that waits behind others is looked at again after this long: each look costs a few write units. */
export const WAITS_MS = [300_000, 3_600_000, 21_600_000] as const;

/** How many of the longest waits make a day. */
const LONG_WAITS_A_DAY = 4;

/**
 * A function that is not deployed is looked for again after this long: whoever puts it back need not wait for hours.
 */
const MISS_MS = 1_800_000;

/** When to look at an execution that waits for `scheduledAtMs`, after its message was sent again `dispatches` times. */
export function recheckAtMs(scheduledAtMs: number, nowMs: number, dispatches = 0): number {
  return Math.max(scheduledAtMs, nowMs) + OVERDUE_MS * 2 ** dispatches;
}

/** Whether an execution has waited for more than an hour when the sweep finds once more that it waits. */
export function isLongWait({ waits = 0 }: Created): boolean {
  return waits >= WAITS_MS.length - 1;
}

/**
 * Whether an execution that the sweep finds waiting behind others is sent again all the same, once a day: its message
 * may be lost, and a queue that is never empty would hide that for ever.
 */
export function isSentThoughWaiting({ waits = 0 }: Created): boolean {
  const longWaits = waits - WAITS_MS.length + 1;
  return longWaits > 0 && longWaits % LONG_WAITS_A_DAY === 0;
}

/** Notes that the message of a revision could not be sent: the next sweep sends it. */
export function markUndispatched(
  execution: Execution,
  { revision, wasPutAside }: ExecutionEvent & { type: "undispatched" },
  nowMs: number,
): Transition | Refusal {
  if (execution.state !== "created" || execution.revision !== revision) return { refused: "stale" };
  const undispatched = {
    undispatched: true,
    ...(wasPutAside && { wasPutAside }),
    waits: 0,
    recheckAtMs: nowMs,
  } as const;
  return to(execution, { ...execution, ...undispatched }, nowMs);
}

/**
 * Applies what the sweep has decided about an execution that has not started, unless another sweep has recovered it
 * meanwhile.
 */
export function unstick(
  execution: Execution,
  event: ExecutionEvent & { type: "send_again" | "wait" | "miss" | "give_up" },
  nowMs: number,
  followUps: FollowUps,
): Transition | Refusal {
  if (execution.state !== "created" || nowMs < (wakeAtMs(execution) ?? Infinity)) return { refused: "stale" };
  if (isPastDiscard(execution, nowMs)) return discard(execution, nowMs, followUps);
  if (event.type === "wait") {
    const { waits = 0 } = execution;
    const waitMs = WAITS_MS[Math.min(waits, WAITS_MS.length - 1)] as number;
    return to(execution, { ...execution, misses: 0, waits: waits + 1, recheckAtMs: nowMs + waitMs }, nowMs);
  }
  if (event.type === "miss") {
    const misses = (execution.misses ?? 0) + 1;
    return to(execution, { ...execution, misses, recheckAtMs: nowMs + MISS_MS }, nowMs);
  }
  if (event.type === "send_again") {
    // A failed send is not a dispatch, and an execution that waits for its task is no lost message.
    const { undispatched, parkedIn: _, ...waiting } = execution;
    const dispatches = execution.dispatches + (undispatched || execution.launch !== undefined ? 0 : 1);
    const again = {
      dispatches,
      misses: 0,
      waits: 0,
      recheckAtMs: recheckAtMs(startableAtMs(execution), nowMs, dispatches),
    };
    return to(execution, { ...waiting, ...again }, nowMs);
  }
  if (execution.attempt !== event.attempt) return { refused: "stale" };
  const { reason, errorFingerprint } = event;
  const failed = { ...withoutWait(execution), state: "failed", errorCode: "ER0000", finishedAtMs: nowMs } as const;
  const why = { ...(reason !== undefined && { reason }), ...(errorFingerprint !== undefined && { errorFingerprint }) };
  return to(execution, followed({ ...failed, ...why }, nowMs, followUps), nowMs);
}

/** Lets an end wait on for its follow-up, or settles it. Nothing that a caller sees changes, so it was not updated. */
export function waitForFollowUp(
  execution: Execution,
  type: "announce_again" | "followed",
  nowMs: number,
): Transition | Refusal {
  if (!("finishedAtMs" in execution)) return { refused: "stale" };
  const { followUpAtMs, ...settled } = execution;
  const { finishedAtMs, updatedAtMs } = execution;
  if (followUpAtMs === undefined) return { refused: "stale" };
  if (type === "followed") return to(execution, settled, updatedAtMs);
  if (nowMs < followUpAtMs) return { refused: "stale" };
  // Less and less often: whatever fails, fails for longer than a minute.
  const againAtMs = nowMs + Math.max(FOLLOW_UP_MS, nowMs - finishedAtMs);
  return to(execution, { ...execution, followUpAtMs: againAtMs }, updatedAtMs);
}
