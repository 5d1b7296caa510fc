import { CfnResource, Stack, Validations } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct, type IConstruct } from "constructs";

/**
 * Says, beside a resource, why a rule of cdk-nag's AwsSolutions is not kept there. `test/lib/nag.test.ts` checks the
 * rest.
 */
export function acknowledge(scope: IConstruct, rule: string, reason: string): void {
  Validations.of(scope).acknowledge({ id: `AwsSolutions-${rule}`, reason });
}

/**
 * Gives the reasons why rules of checkov are not kept by a resource. They stand in the template, where checkov looks
 * for them, also in a user's own pipeline. `npm run test:templates` checks the rest.
 */
export function acknowledgeCheckov(scope: IConstruct, reasons: Readonly<Record<`CKV_AWS_${number}`, string>>): void {
  const resource = CfnResource.isCfnResource(scope) ? scope : scope.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) throw new Error(`${scope.node.path} has no resource of its own`);
  resource.addMetadata("checkov", { skip: Object.entries(reasons).map(([id, comment]) => ({ id, comment })) });
}

/** The same for a resource in a policy that has a wildcard: each one has its own reason. */
export function acknowledgeWildcard(grantee: IConstruct & IGrantable, resourceArn: string, reason: string): void {
  const { grantPrincipal } = grantee;
  const scope = Construct.isConstruct(grantPrincipal) ? grantPrincipal : grantee;
  acknowledge(scope, `IAM5[Resource::${flatten(Stack.of(scope).resolve(resourceArn))}]`, reason);
}

// The way cdk-nag names what a template refers to.
function flatten(value: unknown): string {
  if (typeof value === "string") return value;
  const [[name, of]] = Object.entries(value as object) as [[string, unknown]];
  if (name === "Fn::Join") {
    const [delimiter, parts] = of as [string, unknown[]];
    return parts.map(flatten).join(delimiter);
  }
  if (name === "Fn::GetAtt") return `<${(of as string[]).join(".")}>`;
  return name === "Ref" ? `<${String(of)}>` : flatten(of);
}
