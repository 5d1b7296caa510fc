// Source:
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
const documents: Readonly<Record<string, unknown>> = {
  "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: "*",
      },
    ],
  },
};

/** Returns the document of a managed policy. @throws Error for an unsupported policy */
export function managedPolicy(arn: string): unknown {
  const document = documents[arn];
  if (document === undefined) throw new Error(`the managed policy ${arn} is not known here`);
  return document;
}
