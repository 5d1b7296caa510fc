/** Who asks. */
export type Asker =
  /** Whoever has taken on a role of the account. */
  | { role: string }
  /** A service of AWS in its own name: `lambda.amazonaws.com`. */
  | { service: string };

/** What conditions can be about, as AWS names it. */
export const CONTEXT_KEYS = [
  "aws:SecureTransport",
  "aws:SourceAccount",
  "aws:SourceArn",
  "dynamodb:LeadingKeys",
  "iam:PassedToService",
] as const;

/** One permission that a call needs. */
export interface AuthorizationRequest {
  asker: Asker;
  /** `dynamodb:PutItem` */
  action: string;
  /** Its ARN; `*` where the action knows no resources. */
  resource: string;
  context: Readonly<Partial<Record<(typeof CONTEXT_KEYS)[number], string | readonly string[]>>>;
}
