import type { AuthorizationRequest } from "./authorization-request.ts";
import { evaluateStatements, type PolicyDecision } from "./evaluate-statements.ts";
import { readStatements, type Statement } from "./statements.ts";

/** A policy and what it is attached to. */
export interface AttachedPolicy {
  /** `identity`: permissions of a role. `resource`: access to a resource, also the trust policy of a role. */
  kind: "identity" | "resource";
  /** The ARN of the role or resource. */
  attachedTo: string;
  /** Unique among the policies attached there. */
  name: string;
  document: unknown;
  statements: readonly Statement[];
}

/** @throws Error naming what in the document is not known here */
export function attachPolicy(given: Omit<AttachedPolicy, "statements">): AttachedPolicy {
  return { ...given, statements: readStatements(given.document) };
}

export interface EvaluationResult {
  decision: PolicyDecision;
  /** Kind of the policy with the explicit deny. */
  deniedBy?: AttachedPolicy["kind"];
}

/** Evaluates a request by the policies of its role and its resource. */
export function evaluate(request: AuthorizationRequest, policies: readonly AttachedPolicy[]): EvaluationResult {
  const target = resourceWithPolicy(request.resource);
  const concerned = policies.filter(({ kind, attachedTo }) =>
    kind === "resource" ? attachedTo === target : "role" in request.principal && attachedTo === request.principal.role,
  );
  const of = (kind: AttachedPolicy["kind"]) =>
    concerned.flatMap((policy) => (policy.kind === kind ? policy.statements : []));
  const decision = evaluateStatements(request, [...of("identity"), ...of("resource")]);
  if (decision !== "explicitDeny") return { decision };
  return { decision, deniedBy: evaluateStatements(request, of("identity")) === decision ? "identity" : "resource" };
}

/** Returns the ARNs of the role and the resource whose policies apply to a request. */
export function policyTargets({ principal, resource }: AuthorizationRequest): string[] {
  return [...("role" in principal ? [principal.role] : []), resourceWithPolicy(resource)];
}

/** Returns the ARN whose resource policy applies: that of the bucket for an object. */
function resourceWithPolicy(resource: string): string {
  return resource.startsWith("arn:aws:s3:::") ? (resource.split("/", 1)[0] ?? resource) : resource;
}
