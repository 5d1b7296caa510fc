import type { Execution } from "./execution.ts";
import type { Refusal } from "./transitions/event.ts";

/** Kinds of errors that callers of the API see. The edge maps each to its HTTP status. */
export type ErrorKind =
  | "bad_request"
  | "unauthorized"
  | "forbidden"
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

/** How many deployed functions a message names. */
const NAMED_FUNCTIONS = 10;

/** A name of at most this many letters was probably made by a minifier. */
const MINIFIED_NAME_LENGTH = 2;

/** No function of this name is deployed, but those of `deployed` are. */
export function unknownFunction(name: string, deployed: Iterable<string>): DomainError {
  const names = [...deployed].sort();
  const more = names.length > NAMED_FUNCTIONS ? ` and ${names.length - NAMED_FUNCTIONS} more` : "";
  const list =
    names.length === 0 ? "none is deployed" : `deployed: ${names.slice(0, NAMED_FUNCTIONS).join(", ")}${more}`;
  const hint =
    name.length > MINIFIED_NAME_LENGTH
      ? ""
      : "; the caller's build has probably minified function names: switch that off for server code " +
        "(Next.js: experimental.serverMinification: false)";
  return new DomainError("bad_request", `cannot find function "${name}" (${list})${hint}`);
}

/** No execution (or attempt) has this id. */
export function unknownExecution(id: string): DomainError {
  return new DomainError("not_found", `cannot find execution "${id.slice(0, 100)}"`);
}

/** Returns the error for a request that the execution's state does not allow. */
export function wrongState(verb: string, now: Refusal | Execution): DomainError {
  return new DomainError("conflict", `cannot ${verb} execution in ${"state" in now ? now.state : "this"} state`);
}
