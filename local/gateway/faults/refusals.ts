import { AwsFailure } from "../failures.ts";

type ErrorAnswer = [status: number, code: string];

// Status and code by the services' API models where they have them, otherwise by their pages on common errors. DynamoDB
// sends codes with their namespaces.
const throttling: Record<string, readonly ErrorAnswer[]> = {
  dynamodb: [
    [400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"],
    [400, "com.amazon.coral.availability#ThrottlingException"],
  ],
  sqs: [
    [403, "RequestThrottled"],
    [400, "ThrottlingException"],
  ],
  s3: [[503, "SlowDown"]],
  scheduler: [[429, "ThrottlingException"]],
};

const failures: Record<string, ErrorAnswer> = {
  dynamodb: [500, "com.amazonaws.dynamodb.v20120810#InternalServerError"],
  sqs: [500, "InternalFailure"],
  s3: [500, "InternalError"],
  scheduler: [500, "InternalServerException"],
  secretsmanager: [500, "InternalServiceError"],
};

/** Returns how a service throttles a call. `random` chooses among several errors. */
export function throttlingOf(service: string, random: () => number): AwsFailure {
  const [usual, other] = throttling[service] ?? [];
  const [status, code] = (random() < 0.5 ? other : usual) ?? usual ?? [400, "ThrottlingException"];
  const message = service === "s3" ? "Please reduce your request rate." : "Rate exceeded";
  return new AwsFailure(status, code, message);
}

/** Returns how a service fails without an effect. */
export function failureOf(service: string): AwsFailure {
  const [status, code] = failures[service] ?? [500, "InternalFailure"];
  return new AwsFailure(status, code, "We encountered an internal error. Please try again.");
}
