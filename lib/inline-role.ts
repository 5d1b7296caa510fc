import {
  type AddToPrincipalPolicyResult,
  PolicyDocument,
  type PolicyStatement,
  Role,
  type RoleProps,
} from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";

/**
 * A role whose rights stand in itself. The CDK would put them into a policy beside it: one more for each Lambda of the
 * 500 resources that a stack may have, which is too many with sixty functions.
 */
export class InlineRole extends Role {
  readonly #rights: PolicyDocument;
  #isComplete = false;

  constructor(scope: Construct, id: string, props: RoleProps) {
    const rights = new PolicyDocument();
    super(scope, id, { ...props, inlinePolicies: { rights } });
    this.#rights = rights;
  }

  /**
   * Ends our own rights. Later ones go to a policy beside the role: they are on resources of the user's, whose key may
   * name this role, and then neither could be created before the other.
   */
  complete(): void {
    this.#isComplete = true;
  }

  override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    if (this.#isComplete) return super.addToPrincipalPolicy(statement);
    this.#rights.addStatements(statement);
    return { statementAdded: true, policyDependable: this };
  }
}
