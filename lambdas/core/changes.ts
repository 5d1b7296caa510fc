import type { ErrorCode, Execution } from "./execution.ts";

/** Kinds of changes that a record remembers: a final state, or one of these. */
export type ChangeKind =
  | "started"
  /** The attempt failed, and the next one waits. */
  | "retry"
  | "rescheduled"
  /** An abort was asked for. */
  | "aborting"
  | "succeed"
  | "failed"
  | "cancelled"
  | "aborted"
  | "discarded";

/** A change of an execution that its timeline shows. */
export interface Change {
  atMs: number;
  what: ChangeKind;
  /** Name of the caller who asked for it; absent where the service decided. */
  by?: string;
  /** The new due time, of a retry or a reschedule. */
  forMs?: number;
  /** Code of a failure. */
  errorCode?: ErrorCode;
}

/** Changes that a record remembers. All together stay well within the write unit that a plain record takes anyway. */
export const MAX_CHANGES = 20;

/** Details of a change that the record does not tell. */
export interface Circumstances {
  by?: string | undefined;
  /** Code of an attempt that is followed by another one. */
  errorCode?: ErrorCode;
}

/**
 * Returns the changes to remember once `previous` has become `next`. Leases, messages and waiting are not among them.
 */
export function changesAfter(
  previous: Execution,
  next: Execution,
  atMs: number,
  { by, errorCode }: Circumstances,
): readonly Change[] | undefined {
  const change = changeOf(previous, next);
  if (change === undefined) return previous.changes;
  const detail = { ...(by !== undefined && { by }), ...(errorCode !== undefined && { errorCode }) };
  return [...(previous.changes ?? []), { atMs, ...change, ...detail }].slice(-MAX_CHANGES);
}

function changeOf(previous: Execution, next: Execution): Omit<Change, "atMs" | "by"> | undefined {
  if (next.state === "created") {
    if (next.attempt !== previous.attempt) return { what: "retry", forMs: next.scheduledAtMs };
    return next.revision === previous.revision ? undefined : { what: "rescheduled", forMs: next.scheduledAtMs };
  }
  if (next.state === previous.state) return undefined;
  return { what: next.state, ...(next.state === "failed" && { errorCode: next.errorCode }) };
}

/** A change, and the number of the attempt it belongs to. */
export type NumberedChange = Change & { attempt: number };

/** Returns the remembered changes of `execution` with the numbers of their attempts, oldest first. */
export function numberedChanges({ attempt, changes = [] }: Execution): NumberedChange[] {
  let number = attempt;
  const newestFirst = changes.toReversed().map((change) => {
    if (change.what === "retry") number -= 1;
    return { ...change, attempt: number };
  });
  return newestFirst.reverse();
}
