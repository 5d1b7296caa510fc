import type { AuthorizationRequest } from "./authorization-request.ts";
import type { Statement } from "./statements.ts";

export type PolicyDecision = "allowed" | "explicitDeny" | "implicitDeny";

/** Evaluates statements within one account: a deny wins; without an allow the request is denied. */
export function evaluateStatements(request: AuthorizationRequest, statements: readonly Statement[]): PolicyDecision {
  const effects = new Set(statements.filter((it) => it.appliesTo(request)).map(({ effect }) => effect));
  if (effects.has("Deny")) return "explicitDeny";
  return effects.has("Allow") ? "allowed" : "implicitDeny";
}
