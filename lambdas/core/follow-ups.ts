import type { State } from "./execution.ts";
import type { ExecutionId } from "./ids.ts";

/** Names of the functions to call once executions of a function have ended. */
export interface FollowUps {
  /** For those that failed, were aborted or discarded. */
  onFailure?: string;
  /** For those that succeeded. */
  onSuccess?: string;
}

/** "This execution ends": its follow-up is to be made. */
export interface FollowUpMessage {
  executionId: ExecutionId;
  /** Its last attempt: the message of an attempt that is retried is stale. */
  attempt: number;
  /** How often somebody looked, and its end was not stored yet. */
  looks: number;
}

/** Follow-ups of follow-ups are made up to this depth. */
export const MAX_FOLLOW_UP_DEPTH = 8;

/** Returns the name of the function to call when an execution ends in `state`, if there is one. */
export function followUpOf({ onFailure, onSuccess }: FollowUps, state: State): string | undefined {
  switch (state) {
    case "succeed":
      return onSuccess;
    case "failed":
    case "aborted":
    case "discarded":
      return onFailure;
    case "created":
    case "started":
    case "aborting":
    case "cancelled":
      return undefined;
  }
}
