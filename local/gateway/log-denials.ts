import type { OnEvaluated } from "./policies.ts";

/** Logs a denied call in one line, once for each caller and action. */
export function logDenials(tell: (line: string) => void): OnEvaluated {
  const told = new Set<string>();
  return ({ principal, action, resource }, { decision }) => {
    if (decision === "allowed") return;
    const who = "role" in principal ? principal.role : principal.service;
    const what = `${who} may not ${action}`;
    if (told.has(what)) return;
    told.add(what);
    tell(`${what} on ${resource}: ${decision === "explicitDeny" ? "a policy denies it" : "no policy allows it"}`);
  };
}
