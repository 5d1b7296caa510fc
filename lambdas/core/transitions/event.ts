import type { AttemptOutcome, AttemptOutput, Execution, State, StoredPayload } from "../execution.ts";

/** Events of an execution. */
export type ExecutionEvent =
  /** A message arrived, and nothing holds it up; with the number of its slot, where it needs one (`lanes.ts`). */
  | {
      type: "start";
      revision: number;
      leaseMs: number;
      slot?: number;
      task?: string | undefined;
      logStream?: string | undefined;
    }
  /** The same of a function on Fargate: a task is launched for it, and has until then to claim it. */
  | { type: "launch"; revision: number; leaseMs: number; notBeforeMs?: number | undefined }
  /** The task of this launch has stopped; `fault` says what went wrong, if something did. */
  | { type: "task_stopped"; revision: number; number: number; fault?: string | undefined }
  /** A message arrived, and the function has no capacity for it and does not want it to wait. */
  | { type: "reject"; revision: number }
  /** A message arrived, and it was parked in this lane; its reserved start, if it has one, stays its own. */
  | { type: "park"; revision: number; lane: string; notBeforeMs?: number | undefined }
  /** A message arrived, and its rate limit allows it to start at this time. */
  | { type: "reserve"; revision: number; notBeforeMs: number }
  /** Its worker is alive. */
  | { type: "renew"; attempt: number; leaseMs: number }
  /** `output`: kept in the record, of an attempt that has no item of its own. */
  | {
      type: "finish";
      attempt: number;
      end: AttemptOutcome;
      retryAfterMs?: number | undefined;
      output?: AttemptOutput | undefined;
    }
  /** With a seed of tokens that last as long as it does now. */
  | {
      type: "reschedule";
      scheduledAtMs: number;
      tokenSeed?: string | undefined;
      job?: string | undefined;
      by?: string | undefined;
    }
  /** Another call of its debounce. */
  | {
      type: "debounce";
      scheduledAtMs: number;
      debounced: NonNullable<Execution["debounced"]>;
      arguments: StoredPayload;
      metadata: Readonly<Record<string, string>>;
      discardAfterMs?: number | undefined;
      /** The start timeout of its function. */
      startTimeoutMs?: number | undefined;
      tokenSeed: string;
      by?: string | undefined;
    }
  /** `by`: the caller's name, here and above; `job`: the bulk job that wants it, which changes an execution once. */
  | { type: "cancel"; force: boolean; job?: string | undefined; by?: string | undefined }
  /** The message of this revision could not be sent, or was put aside by its queue. */
  | { type: "undispatched"; revision: number; wasPutAside?: true }
  /** It did not start although it was due, and its message is sent again. */
  | { type: "send_again" }
  /** It did not start because others are before it. */
  | { type: "wait" }
  /** It cannot start: its function is not deployed now. */
  | { type: "miss" }
  /** It could not be started, however often it was sent or its function was looked for. */
  | { type: "give_up"; attempt: number; reason?: "not_deployed"; errorFingerprint?: string }
  /** Its end is announced again, since its follow-up is not made yet. */
  | { type: "announce_again" }
  /** Its follow-up is made, or there will be none. */
  | { type: "followed" };

/** A decision, stored by one conditional write: only if the record still has that version. */
export interface Transition<To extends Execution = Execution> {
  from: Pick<Execution, "id" | "version" | "state" | "revision">;
  to: To;
  /** Its postings and ended attempts are to be written again first, to be kept longer. */
  keepsLonger?: true;
}

/** Why nothing is to be written. */
export type Refusal =
  /** The message or the worker belongs to an earlier revision or attempt. */
  | { refused: "stale" }
  /** The same bulk job has done it already. */
  | { refused: "repeated" }
  /** `remainingMs`: time until the execution is due. */
  | { refused: "early"; remainingMs: number }
  | { refused: "wrong_state"; state: State };
