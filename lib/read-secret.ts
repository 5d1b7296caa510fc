import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";

/** Lets `grantee` read the value of a secret of ours, and not, as the CDK's own grant would, what is said about it. */
export function readSecret(grantee: IGrantable, { secretArn }: Secret): void {
  Grant.addToPrincipal({ grantee, actions: ["secretsmanager:GetSecretValue"], resourceArns: [secretArn] });
}
