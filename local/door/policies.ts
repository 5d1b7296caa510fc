import { ACCOUNT } from "../template/identity.ts";
import type { Asked } from "./policy/asked.ts";
import { type HeldPolicy, heldPolicy, type Judgement, judge } from "./policy/held.ts";

/** A permission that was asked for, and what the policies say. */
export type OnJudged = (asked: Asked, judgement: Judgement) => void;

/** Names a policy. */
type Name = Pick<HeldPolicy, "kind" | "holder" | "name">;

/** All IAM policies of the templates, and what they say. */
export class Policies {
  readonly #held = new Map<string, HeldPolicy>();
  readonly #onJudged: OnJudged;

  constructor(onJudged: OnJudged) {
    this.#onJudged = onJudged;
  }

  get held(): HeldPolicy[] {
    return [...this.#held.values()];
  }

  /** @throws Error naming what in the document is not known here */
  put(given: Name & { document: unknown }): void {
    this.#held.set(keyOf(given), heldPolicy(given));
  }

  remove(name: Name): void {
    this.#held.delete(keyOf(name));
  }

  /** Removes those of a role that `isMeant` names; all without it. */
  removeOf(holder: string, isMeant: (name: string) => boolean = () => true): void {
    for (const policy of this.held) if (policy.holder === holder && isMeant(policy.name)) this.remove(policy);
  }

  ask(asked: Asked): Judgement {
    const judgement = judge(asked, this.held);
    this.#onJudged(asked, judgement);
    return judgement;
  }

  allows(asked: Asked): boolean {
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

function inItsOwnName(service: string, sourceArn: string): Pick<Asked, "asker" | "context"> {
  const context = { "aws:SecureTransport": "true", "aws:SourceAccount": ACCOUNT, "aws:SourceArn": sourceArn };
  return { asker: { service }, context };
}

function keyOf({ kind, holder, name }: Name): string {
  return `${kind} ${holder} ${name}`;
}
