import type { AuthorizationRequest } from "./authorization-request.ts";
import type { Statement } from "./statements.ts";

export type Decision = "allowed" | "explicitDeny" | "implicitDeny";

/** What statements say to a request, within one account: one that denies wins, and what none allows is denied. */
export function evaluate(asked: AuthorizationRequest, statements: readonly Statement[]): Decision {
  const effects = new Set(statements.filter((it) => it.appliesTo(asked)).map(({ effect }) => effect));
  if (effects.has("Deny")) return "explicitDeny";
  return effects.has("Allow") ? "allowed" : "implicitDeny";
}
