import type { AuthorizationRequest } from "./authorization-request.ts";
import { type Decision, evaluate } from "./evaluate.ts";
import { readStatements, type Statement } from "./statements.ts";

/** A policy, and whose it is. */
export interface AttachedPolicy {
  /** `identity`: what a role may do. `resource`: who may do what with a resource, also who may take on a role. */
  kind: "identity" | "resource";
  /** The ARN of the role or resource. */
  holder: string;
  /** Among those of its holder. */
  name: string;
  document: unknown;
  statements: readonly Statement[];
}

/** @throws Error naming what in the document is not known here */
export function heldPolicy(given: Omit<AttachedPolicy, "statements">): AttachedPolicy {
  return { ...given, statements: readStatements(given.document) };
}

export interface Judgement {
  decision: Decision;
  /** Which kind of policy has denied it explicitly. */
  deniedBy?: AttachedPolicy["kind"];
}

/** What all these policies together say: those of the role that asks, and those of the resource. */
export function judge(asked: AuthorizationRequest, policies: readonly AttachedPolicy[]): Judgement {
  const guarded = guardedBy(asked.resource);
  const concerned = policies.filter(({ kind, holder }) =>
    kind === "resource" ? holder === guarded : "role" in asked.asker && holder === asked.asker.role,
  );
  const of = (kind: AttachedPolicy["kind"]) =>
    concerned.flatMap((policy) => (policy.kind === kind ? policy.statements : []));
  const decision = evaluate(asked, [...of("identity"), ...of("resource")]);
  if (decision !== "explicitDeny") return { decision };
  return { decision, deniedBy: evaluate(asked, of("identity")) === decision ? "identity" : "resource" };
}

/** Returns the ARNs of the role and the resource whose policies speak of a request. */
export function holdersFor({ asker, resource }: AuthorizationRequest): string[] {
  return [...("role" in asker ? [asker.role] : []), guardedBy(resource)];
}

/** Objects are guarded by the policy of their bucket. */
function guardedBy(resource: string): string {
  return resource.startsWith("arn:aws:s3:::") ? (resource.split("/", 1)[0] ?? resource) : resource;
}
