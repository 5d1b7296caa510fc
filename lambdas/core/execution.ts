import type { ExecutionId } from "./ids.ts";

/** A JSON text (or NDJSON, for logs): in the item itself, or in the object store under `key`. */
export type StoredPayload = { inline: string } | { key: string; bytes: number };

/** Why an attempt failed. The meanings are in the table of `attempt-error.ts`. */
export type ErrorCode = "ER0000" | "ER0001" | "ER0002" | "ER0003";

interface Common {
  id: ExecutionId;
  functionName: string;
  functionId: string;
  /** Counts the dispatches that are meant to happen: a message that names an older one is stale. */
  revision: number;
  /** Number of the current or last attempt, from 1. */
  attempt: number;
  createdAtMs: number;
  updatedAtMs: number;
  scheduledAtMs: number;
  discardAfterMs?: number;
  metadata: Readonly<Record<string, string>>;
  arguments: StoredPayload;
  /** The runner makes this execution's tokens from it; see `execution-token.ts`. */
  tokenSeed: string;
  executedBy?: ExecutionId;
}

export interface Created extends Common {
  state: "created";
}

export interface Started extends Common {
  state: "started";
  startedAtMs: number;
  /** Until then the worker is believed to be alive. */
  leaseUntilMs: number;
}

export interface Succeeded extends Common {
  state: "succeed";
  startedAtMs: number;
  finishedAtMs: number;
}

export interface Failed extends Common {
  state: "failed";
  startedAtMs: number;
  finishedAtMs: number;
  errorCode: ErrorCode;
}

interface Discarded extends Common {
  state: "discarded";
  finishedAtMs: number;
}

/** An execution as it is kept: a union by state, so that an impossible record cannot be written down. */
export type Execution = Created | Started | Succeeded | Failed | Discarded;

/** How an attempt ended. */
export type End = { state: "succeed" } | { state: "failed"; errorCode: ErrorCode };

/** What is kept of an attempt that has ended. */
export interface Attempt {
  executionId: ExecutionId;
  number: number;
  startedAtMs: number;
  finishedAtMs: number;
  end: End;
  /** The returned value as JSON, or the error as `{name, message, stack, cause?}`. */
  result: StoredPayload;
  /** NDJSON: one `{time, stream, line}` for every line the attempt wrote. */
  logs: StoredPayload;
}

/** How long after its due time an execution that has not started is looked at again. */
const OVERDUE_MS = 60_000;

/** When someone must look at this execution again, whatever happens to its messages; `undefined` once it is final. */
export function wakeAtMs(execution: Execution): number | undefined {
  switch (execution.state) {
    case "created":
      return execution.scheduledAtMs + OVERDUE_MS;
    case "started":
      return execution.leaseUntilMs;
    case "succeed":
    case "failed":
    case "discarded":
      return undefined;
  }
}
