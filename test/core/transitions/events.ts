import type { Execution } from "../../../lambdas/core/execution.ts";
import type { ExecutionEvent } from "../../../lambdas/core/transitions/event.ts";

/** The time of every transition that these tests ask for. */
export const NOW_MS = 15_000;

const start: ExecutionEvent = { type: "start", revision: 0, leaseMs: 900_000 };

/** An end without another attempt. */
export const fail: ExecutionEvent & { type: "finish" } = {
  type: "finish",
  attempt: 1,
  end: { state: "failed", errorCode: "ER0001" },
};

/** An end with another attempt, half a minute later. */
export const retry: ExecutionEvent & { type: "finish" } = { ...fail, retryAfterMs: 30_000 };

/** One event of each kind, and of each kind of end. */
export const events = {
  start,
  succeed: { type: "finish", attempt: 1, end: { state: "succeed" } },
  fail,
  retry,
  abort: { type: "finish", attempt: 1, end: { state: "aborted" } },
  reschedule: { type: "reschedule", scheduledAtMs: 99_000 },
  cancel: { type: "cancel", force: false },
  force: { type: "cancel", force: true },
  launch: { type: "launch", revision: 0, leaseMs: 600_000 },
  task_stopped: { type: "task_stopped", revision: 0, number: 1 },
  reject: { type: "reject", revision: 0 },
  park: { type: "park", revision: 0, lane: "customer=acme" },
  reserve: { type: "reserve", revision: 0, notBeforeMs: 60_000 },
  renew: { type: "renew", attempt: 1, leaseMs: 45_000 },
  undispatched: { type: "undispatched", revision: 0 },
  send_again: { type: "send_again" },
  wait: { type: "wait" },
  miss: { type: "miss" },
  give_up: { type: "give_up", attempt: 1 },
  debounce: {
    type: "debounce",
    scheduledAtMs: 99_000,
    debounced: { version: "2", untilMs: 80_000 },
    arguments: { inline: "[2]" },
    metadata: { user: "2" },
    tokenSeed: "other",
  },
  announce_again: { type: "announce_again" },
  followed: { type: "followed" },
} satisfies Record<string, ExecutionEvent>;

/** Returns `event` with the revision and attempt of `execution`, where it names them. */
export function meantFor({ revision, attempt }: Execution, event: ExecutionEvent): ExecutionEvent {
  return {
    ...event,
    ...("revision" in event && { revision }),
    ...("attempt" in event && { attempt }),
  } as ExecutionEvent;
}
