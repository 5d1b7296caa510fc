/** The caller. */
export type IamPrincipal =
  /** A session of a role of the account. */
  | { role: string }
  /** A service of AWS in its own name: `lambda.amazonaws.com`. */
  | { service: string };

/** Context keys of conditions, in AWS's names. */
export const CONTEXT_KEYS = [
  "aws:SecureTransport",
  "aws:SourceAccount",
  "aws:SourceArn",
  "dynamodb:LeadingKeys",
  "ecs:cluster",
  "iam:PassedToService",
] as const;

/** One permission that a call needs. */
export interface AuthorizationRequest {
  principal: IamPrincipal;
  /** `dynamodb:PutItem` */
  action: string;
  /** Its ARN; `*` where the action knows no resources. */
  resource: string;
  context: Readonly<Partial<Record<(typeof CONTEXT_KEYS)[number], string | readonly string[]>>>;
}
