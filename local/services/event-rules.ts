import { randomUUID } from "node:crypto";
import { ACCOUNT, REGION } from "../account.ts";

/** A rule of EventBridge on the bus of AWS's own events. */
export interface EventRule {
  arn: string;
  pattern: EventPattern;
  isEnabled: boolean;
  /** ARNs of queues. */
  targets: string[];
}

/** For each field the values that fit, or a pattern of its own. */
export interface EventPattern {
  [field: string]: readonly (string | number | boolean | null)[] | EventPattern;
}

export interface EventRulesOptions {
  /** Whether EventBridge may send to a queue on behalf of a rule. */
  maySend: (queueArn: string, ruleArn: string) => boolean;
  send: (queueArn: string, body: string) => Promise<void>;
  onProblem: (line: string) => void;
}

/** Sends the events of AWS's services to the queues of the rules that they fit. */
export class EventRules {
  readonly #options: EventRulesOptions;
  readonly #rules = new Map<string, EventRule>();
  readonly #sending = new Set<Promise<void>>();

  constructor(options: EventRulesOptions) {
    this.#options = options;
  }

  put(rule: EventRule): void {
    this.#rules.set(rule.arn, rule);
  }

  remove(arn: string): void {
    this.#rules.delete(arn);
  }

  /** Publishes an event of a service. */
  publish(source: string, detailType: string, resources: readonly string[], detail: object): void {
    const event = {
      version: "0",
      id: randomUUID(),
      "detail-type": detailType,
      source,
      account: ACCOUNT,
      time: `${new Date().toISOString().slice(0, 19)}Z`,
      region: REGION,
      resources,
      detail,
    };
    for (const rule of this.#rules.values()) {
      if (rule.isEnabled && fits(event, rule.pattern))
        for (const target of rule.targets) this.#send(rule, target, event);
    }
  }

  /** Resolves when everything that was published has been sent. */
  async settled(): Promise<void> {
    await Promise.all(this.#sending);
  }

  #send({ arn }: EventRule, queueArn: string, event: object): void {
    const { maySend, send, onProblem } = this.#options;
    if (!maySend(queueArn, arn)) {
      onProblem(`the rule ${arn} may not send to ${queueArn}`);
      return;
    }
    const sent = send(queueArn, JSON.stringify(event))
      .catch((error: unknown) => onProblem(`the rule ${arn} cannot send to ${queueArn}: ${String(error)}`))
      .finally(() => this.#sending.delete(sent));
    this.#sending.add(sent);
  }
}

// Source: "Amazon EventBridge event patterns"; only exact values, which is all that is deployed here.
function fits(event: object, pattern: EventPattern): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = (event as Record<string, unknown>)[field];
    if (Array.isArray(wanted)) return wanted.includes(value as string);
    return typeof value === "object" && value !== null && fits(value, wanted as EventPattern);
  });
}
