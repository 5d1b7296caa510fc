import { ACCOUNT } from "../account.ts";
import {
  type AttachedPolicy,
  attachPolicy,
  type EvaluationResult,
  evaluate,
  policyTargets,
} from "./policy/attached-policy.ts";
import type { AuthorizationRequest } from "./policy/authorization-request.ts";

/** Receives an authorization request and its decision. */
export type OnEvaluated = (request: AuthorizationRequest, result: EvaluationResult) => void;

/** Key of a policy. */
type Name = Pick<AttachedPolicy, "kind" | "attachedTo" | "name">;

/** All IAM policies of the templates; evaluates requests. */
export class Policies {
  readonly #attached = new Map<string, AttachedPolicy>();
  /** By ARN of the role or resource. */
  #byTarget = new Map<string, AttachedPolicy[]>();
  readonly #onEvaluated: OnEvaluated;

  constructor(onEvaluated: OnEvaluated) {
    this.#onEvaluated = onEvaluated;
  }

  get attached(): AttachedPolicy[] {
    return [...this.#attached.values()];
  }

  /** @throws Error naming what in the document is not known here */
  put(given: Name & { document: unknown }): void {
    this.#attached.set(keyOf(given), attachPolicy(given));
    this.#byTarget = Map.groupBy(this.#attached.values(), ({ attachedTo }) => attachedTo);
  }

  remove(name: Name): void {
    this.#attached.delete(keyOf(name));
    this.#byTarget = Map.groupBy(this.#attached.values(), ({ attachedTo }) => attachedTo);
  }

  /** Removes a role's policies whose name matches; all by default. */
  removeOf(target: string, isMeant: (name: string) => boolean = () => true): void {
    for (const policy of this.attached) if (policy.attachedTo === target && isMeant(policy.name)) this.remove(policy);
  }

  evaluate(request: AuthorizationRequest): EvaluationResult {
    const targets = policyTargets(request);
    const result = evaluate(
      request,
      targets.flatMap((target) => this.#byTarget.get(target) ?? []),
    );
    this.#onEvaluated(request, result);
    return result;
  }

  allows(request: AuthorizationRequest): boolean {
    return this.evaluate(request).decision === "allowed";
  }

  /** Returns whether a service of AWS may assume a role, on behalf of the resource `sourceArn`. */
  mayAssume(service: string, roleArn: string, sourceArn: string): boolean {
    return this.allows({ ...servicePrincipal(service, sourceArn), action: "sts:AssumeRole", resource: roleArn });
  }

  /** Returns whether a service of AWS may send to a queue, on behalf of the resource `sourceArn`. */
  maySend(service: string, queueArn: string, sourceArn: string): boolean {
    return this.allows({ ...servicePrincipal(service, sourceArn), action: "sqs:SendMessage", resource: queueArn });
  }

  /** Returns whether a service of AWS may call a function, on behalf of the resource `sourceArn`. */
  mayInvoke(service: string, functionArn: string, sourceArn: string): boolean {
    return this.allows({
      ...servicePrincipal(service, sourceArn),
      action: "lambda:InvokeFunction",
      resource: functionArn,
    });
  }
}

function servicePrincipal(service: string, sourceArn: string): Pick<AuthorizationRequest, "principal" | "context"> {
  const context = { "aws:SecureTransport": "true", "aws:SourceAccount": ACCOUNT, "aws:SourceArn": sourceArn };
  return { principal: { service }, context };
}

function keyOf({ kind, attachedTo, name }: Name): string {
  return `${kind} ${attachedTo} ${name}`;
}
