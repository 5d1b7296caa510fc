import type { AuthorizationRequest } from "./authorization-request.ts";
import { type Decision, evaluate } from "./evaluate.ts";
import { readStatements, type Statement } from "./statements.ts";

/** A policy and its holder. */
export interface AttachedPolicy {
  /** `identity`: permissions of a role. `resource`: access to a resource, also the trust policy of a role. */
  kind: "identity" | "resource";
  /** The ARN of the role or resource. */
  holder: string;
  /** Unique among the holder's policies. */
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
  /** Kind of the policy with the explicit deny. */
  deniedBy?: AttachedPolicy["kind"];
}

/** Evaluates a request by the policies of its role and its resource. */
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

/** Returns the ARNs of the role and the resource whose policies apply to a request. */
export function holdersFor({ asker, resource }: AuthorizationRequest): string[] {
  return [...("role" in asker ? [asker.role] : []), guardedBy(resource)];
}

/** Returns the ARN whose resource policy applies: that of the bucket for an object. */
function guardedBy(resource: string): string {
  return resource.startsWith("arn:aws:s3:::") ? (resource.split("/", 1)[0] ?? resource) : resource;
}
