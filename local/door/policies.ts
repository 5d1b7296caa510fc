/** An IAM policy document, resolved. */
export type PolicyDocument = Record<string, unknown>;

export interface Role {
  arn: string;
  name: string;
  trust: PolicyDocument;
  managedPolicyArns: string[];
  /** Inline and attached ones, by the name of the policy. */
  documents: Map<string, PolicyDocument>;
}

/** Whether a role lets a service of AWS take it on. Conditions are not looked at: all is one account here. */
export function trusts({ trust }: Role, service: string): boolean {
  const statements = [trust["Statement"] ?? []].flat() as { Effect?: string; Principal?: { Service?: unknown } }[];
  return statements.some(
    ({ Effect, Principal }) => Effect === "Allow" && [Principal?.Service].flat().includes(service),
  );
}

/**
 * All IAM documents of the templates. Kept for the front door; nothing enforces them yet. A function's role is known
 * from its `Caller`.
 */
export class Policies {
  readonly roles = new Map<string, Role>();
  /** By the ARN of the queue, bucket or function they guard, then by the resource that says so. */
  readonly #ofResources = new Map<string, Map<string, PolicyDocument>>();

  roleByName(name: string): Role | undefined {
    return [...this.roles.values()].find((role) => role.name === name);
  }

  ofResource(arn: string): PolicyDocument[] {
    return [...(this.#ofResources.get(arn)?.values() ?? [])];
  }

  attach(arn: string, source: string, document: PolicyDocument): void {
    const documents = this.#ofResources.get(arn) ?? new Map<string, PolicyDocument>();
    this.#ofResources.set(arn, documents.set(source, document));
  }

  detach(arn: string, source: string): void {
    this.#ofResources.get(arn)?.delete(source);
  }
}
