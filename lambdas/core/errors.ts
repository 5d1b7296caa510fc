import type { Execution } from "./execution.ts";
import type { Refusal } from "./transitions.ts";

/** What the callers of the API can be told. The edge maps each to its HTTP status. */
export type ErrorKind =
  | "bad_request"
  | "unauthorized"
  | "not_found"
  | "method_not_allowed"
  | "conflict"
  | "payload_too_large"
  | "unsupported_media_type"
  | "unavailable";

/** A refusal that the caller can act on: `message` is one sentence for a person and may be shown as it is. */
export class DomainError extends Error {
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DomainError";
    this.kind = kind;
  }
}

/** No function of this name is deployed. */
export function unknownFunction(name: string): DomainError {
  return new DomainError("bad_request", `cannot find function "${name}"`);
}

/** No execution (or attempt) has this id. */
export function unknownExecution(id: string): DomainError {
  return new DomainError("not_found", `cannot find execution "${id}"`);
}

/** What was asked for cannot be done to an execution in this state. */
export function wrongState(verb: string, now: Refusal | Execution): DomainError {
  return new DomainError("conflict", `cannot ${verb} execution in ${"state" in now ? now.state : "this"} state`);
}
