import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { failingAsUnavailable } from "./failures.ts";

// A call that hangs must fail while the caller's own time (30 s at the gateway) still allows a retry.
export const defaults = {
  maxAttempts: 4,
  requestHandler: timeouts(6_000),
};

// Without `throwOnRequestTimeout` the SDK only writes a warning and waits on.
export function timeouts(requestTimeout: number) {
  return { connectionTimeout: 2_000, requestTimeout, throwOnRequestTimeout: true };
}

/** One client per service and process: connections are kept and reused from one invocation to the next. */
export function documentClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(failingAsUnavailable(new DynamoDBClient(defaults)), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

export function sqsClient(): SQSClient {
  // Queue URLs are put together from the account's own parts; the endpoint stays the configured one.
  return failingAsUnavailable(new SQSClient({ ...defaults, useQueueUrlAsEndpoint: false }));
}

export function secretsClient(): SecretsManagerClient {
  return failingAsUnavailable(new SecretsManagerClient(defaults));
}
