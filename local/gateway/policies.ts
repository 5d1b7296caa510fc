import { ACCOUNT } from "../account.ts";
import { type AttachedPolicy, heldPolicy, holdersFor, type Judgement, judge } from "./policy/attached-policy.ts";
import type { AuthorizationRequest } from "./policy/authorization-request.ts";

/** Receives an authorization request and its decision. */
export type OnJudged = (asked: AuthorizationRequest, judgement: Judgement) => void;

/** Key of a policy. */
type Name = Pick<AttachedPolicy, "kind" | "holder" | "name">;

/** All IAM policies of the templates; evaluates requests. */
export class Policies {
  readonly #held = new Map<string, AttachedPolicy>();
  /** By ARN of the role or resource. */
  #byHolder = new Map<string, AttachedPolicy[]>();
  readonly #onJudged: OnJudged;

  constructor(onJudged: OnJudged) {
    this.#onJudged = onJudged;
  }

  get held(): AttachedPolicy[] {
    return [...this.#held.values()];
  }

  /** @throws Error naming what in the document is not known here */
  put(given: Name & { document: unknown }): void {
    this.#held.set(keyOf(given), heldPolicy(given));
    this.#byHolder = Map.groupBy(this.#held.values(), ({ holder }) => holder);
  }

  remove(name: Name): void {
    this.#held.delete(keyOf(name));
    this.#byHolder = Map.groupBy(this.#held.values(), ({ holder }) => holder);
  }

  /** Removes a role's policies whose name matches; all by default. */
  removeOf(holder: string, isMeant: (name: string) => boolean = () => true): void {
    for (const policy of this.held) if (policy.holder === holder && isMeant(policy.name)) this.remove(policy);
  }

  ask(asked: AuthorizationRequest): Judgement {
    const holders = holdersFor(asked);
    const judgement = judge(
      asked,
      holders.flatMap((holder) => this.#byHolder.get(holder) ?? []),
    );
    this.#onJudged(asked, judgement);
    return judgement;
  }

  allows(asked: AuthorizationRequest): boolean {
    return this.ask(asked).decision === "allowed";
  }

  /** Returns whether a service of AWS may assume a role, on behalf of the resource `sourceArn`. */
  mayAssume(service: string, roleArn: string, sourceArn: string): boolean {
    return this.allows({ ...inItsOwnName(service, sourceArn), action: "sts:AssumeRole", resource: roleArn });
  }

  /** Returns whether a service of AWS may send to a queue, on behalf of the resource `sourceArn`. */
  maySend(service: string, queueArn: string, sourceArn: string): boolean {
    return this.allows({ ...inItsOwnName(service, sourceArn), action: "sqs:SendMessage", resource: queueArn });
  }

  /** Returns whether a service of AWS may call a function, on behalf of the resource `sourceArn`. */
  mayInvoke(service: string, functionArn: string, sourceArn: string): boolean {
    return this.allows({ ...inItsOwnName(service, sourceArn), action: "lambda:InvokeFunction", resource: functionArn });
  }
}

function inItsOwnName(service: string, sourceArn: string): Pick<AuthorizationRequest, "asker" | "context"> {
  const context = { "aws:SecureTransport": "true", "aws:SourceAccount": ACCOUNT, "aws:SourceArn": sourceArn };
  return { asker: { service }, context };
}

function keyOf({ kind, holder, name }: Name): string {
  return `${kind} ${holder} ${name}`;
}
