import type { OnJudged } from "./policies.ts";

/** Logs a denied call in one line, once for each caller and action. */
export function logDenials(tell: (line: string) => void): OnJudged {
  const told = new Set<string>();
  return ({ asker, action, resource }, { decision }) => {
    if (decision === "allowed") return;
    const who = "role" in asker ? asker.role : asker.service;
    const what = `${who} may not ${action}`;
    if (told.has(what)) return;
    told.add(what);
    tell(`${what} on ${resource}: ${decision === "explicitDeny" ? "a policy denies it" : "no policy allows it"}`);
  };
}
