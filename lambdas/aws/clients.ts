import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { defaults, timeouts } from "./client-settings.ts";
import { failingAsUnavailable } from "./failures.ts";

const ofDynamodb = { ...defaults, accountIdEndpointMode: "preferred", endpointDiscoveryEnabled: false } as const;

/** One client per service and process: connections are kept and reused from one invocation to the next. */
export function documentClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(failingAsUnavailable(new DynamoDBClient(ofDynamodb)), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/** A client whose calls take a second at most and are tried once, for writes that must hold up nobody. */
export function hastyDocumentClient(): DynamoDBDocumentClient {
  const settings = { ...ofDynamodb, maxAttempts: 1, requestHandler: timeouts(1_000) };
  return DynamoDBDocumentClient.from(failingAsUnavailable(new DynamoDBClient(settings)));
}

export function sqsClient(): SQSClient {
  // Queue URLs are put together from the account's own parts; the endpoint stays the configured one.
  return failingAsUnavailable(new SQSClient({ ...defaults, useQueueUrlAsEndpoint: false }));
}

export function secretsClient(): SecretsManagerClient {
  // The gateway answers after 30 s at the latest: all the tries together must be over well before.
  return failingAsUnavailable(
    new SecretsManagerClient({ ...defaults, maxAttempts: 3, requestHandler: timeouts(3_000) }),
  );
}
