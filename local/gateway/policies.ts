import { ACCOUNT } from "../account.ts";
import { type AttachedPolicy, heldPolicy, holdersFor, type Judgement, judge } from "./policy/attached-policy.ts";
import type { AuthorizationRequest } from "./policy/authorization-request.ts";

/** A permission that was asked for, and what the policies say. */
export type OnJudged = (asked: AuthorizationRequest, judgement: Judgement) => void;

/** Names a policy. */
type Name = Pick<AttachedPolicy, "kind" | "holder" | "name">;

/** All IAM policies of the templates, and what they say. */
export class Policies {
  readonly #held = new Map<string, AttachedPolicy>();
  /** By the ARN of the role or resource. */
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

  /** Removes those of a role that `isMeant` names; all without it. */
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

  /** Whether a service of AWS may take on a role. `sourceArn`: for what of the account. */
  mayAssume(service: string, roleArn: string, sourceArn: string): boolean {
    return this.allows({ ...inItsOwnName(service, sourceArn), action: "sts:AssumeRole", resource: roleArn });
  }

  /** Whether a service of AWS may call a function. `sourceArn`: for what of the account. */
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
