import { type Circumstances, changesAfter } from "../changes.ts";
import { type Created, type Execution, needsLongerKeeping, nextWakePlace } from "../execution.ts";
import { type FollowUps, followUpOf } from "../follow-ups.ts";
import type { Transition } from "./event.ts";

/** A follow-up that is not made this long after the end may have lost its message. */
export const FOLLOW_UP_MS = 60_000;

type Waited = Omit<Created, "recheckAtMs" | "undispatched" | "wasPutAside" | "parkedIn" | "notBeforeMs" | "launch">;

/** Returns the transition from one record to the next: with its version, its changes, and its place for the sweep. */
export function to(
  execution: Execution,
  { fresh: _, indexedWakeAtMs: __, ...target }: Execution,
  nowMs: number,
  circumstances: Circumstances = {},
): Transition {
  const changes = changesAfter(execution, target, nowMs, circumstances);
  const next = {
    ...target,
    ...(changes !== undefined && { changes }),
    ...nextWakePlace(execution, target),
    version: execution.version + 1,
    updatedAtMs: nowMs,
  };
  return {
    from: { id: execution.id, version: execution.version, state: execution.state, revision: execution.revision },
    to: next,
    ...(needsLongerKeeping(execution, next) && { keepsLonger: true }),
  };
}

/** Whether an execution must not start any more. */
export function isPastDiscard({ discardAfterMs }: Execution, nowMs: number): boolean {
  return discardAfterMs !== undefined && nowMs > discardAfterMs;
}

/** Discards an execution that has not started in time. */
export function discard(execution: Created, nowMs: number, followUps: FollowUps): Transition {
  const discarded = { ...withoutWait(execution), state: "discarded", finishedAtMs: nowMs } as const;
  return to(execution, followed(discarded, nowMs, followUps), nowMs);
}

/** Returns an end that waits for its follow-up, if there is to be one. */
export function followed<Final extends Execution>(ended: Final, nowMs: number, followUps: FollowUps): Final {
  return followUpOf(followUps, ended.state) === undefined ? ended : { ...ended, followUpAtMs: nowMs + FOLLOW_UP_MS };
}

/** Returns what is left of an execution that waits no more. */
export function withoutWait({
  recheckAtMs: _,
  undispatched: __,
  wasPutAside: ___,
  parkedIn: ____,
  notBeforeMs: _____,
  launch: ______,
  ...waited
}: Created): Waited {
  return waited;
}
