import { type NumberedChange, numberedChanges } from "../core/changes.ts";
import { createdByOf, type Execution } from "../core/execution.ts";
import { timestamp } from "../core/present-execution.ts";

/** The changes of an execution as the API answers them, oldest first. */
export function presentChanges(execution: Execution): object[] {
  const by = createdByOf(execution);
  const created = { at: timestamp(execution.createdAtMs), what: "created", ...(by !== undefined && { by }) };
  return [created, ...numberedChanges(execution).flatMap(presentChange)];
}

function presentChange({ atMs, what, attempt, by, forMs, errorCode }: NumberedChange): object[] {
  const at = timestamp(atMs);
  const due = forMs === undefined ? {} : { for: timestamp(forMs) };
  const error = errorCode === undefined ? {} : { error_code: errorCode };
  // Two things that the record remembers as one.
  if (what === "retry") {
    return [
      { at, what: "attempt_failed", attempt, ...error },
      { at, what: "retry_set", attempt: attempt + 1, ...due },
    ];
  }
  return [{ at, what, attempt, ...(by !== undefined && { by }), ...due, ...error }];
}
