import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Clock, Tokens } from "../core/ports.ts";
import { cachedSecret } from "./cached-secret.ts";

export interface SecretArns {
  apiToken: string;
  signingKey: string;
}

type Values = readonly [string, ...string[]];
type SecretValues = (maxAgeMs?: number) => Promise<Values>;

/** The secrets in Secrets Manager: current and previous version, both good, so that a rotation drops nobody. */
export function secretTokens(client: SecretsManagerClient, arns: SecretArns, clock: Clock): Tokens {
  return {
    apiTokens: secretValues(client, arns.apiToken, clock),
    signingKeys: secretValues(client, arns.signingKey, clock),
  };
}

/** Reads the values of one secret, the current one first, as {@link cachedSecret} does. */
export function secretValues(client: SecretsManagerClient, arn: string, clock: Clock): SecretValues {
  return cachedSecret(() => versions(client, arn), clock);
}

async function versions(client: SecretsManagerClient, arn: string): Promise<Values> {
  const [current, previous] = await Promise.all([
    version(client, arn, "AWSCURRENT"),
    version(client, arn, "AWSPREVIOUS").catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }),
  ]);
  return previous === undefined ? [current] : [current, previous];
}

async function version(client: SecretsManagerClient, arn: string, stage: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn, VersionStage: stage }));
  // An empty token would be everybody's.
  if (!SecretString) throw new Error(`the secret ${arn} has no value in stage ${stage}`);
  return SecretString;
}
