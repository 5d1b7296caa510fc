import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Clock, Tokens } from "../core/ports.ts";

export interface SecretArns {
  apiToken: string;
  signingKey: string;
}

/** Secrets are read again after this long, so that a rotation is seen. */
const CACHE_MS = 5 * 60_000;

type Values = readonly [string, ...string[]];

/** The secrets in Secrets Manager: current and previous version, both good, so that a rotation drops nobody. */
export function secretTokens(client: SecretsManagerClient, arns: SecretArns, clock: Clock): Tokens {
  return {
    apiTokens: secretValues(client, arns.apiToken, clock),
    signingKeys: secretValues(client, arns.signingKey, clock),
  };
}

/** The values of one secret, the current first; read again after five minutes. */
export function secretValues(client: SecretsManagerClient, arn: string, clock: Clock): () => Promise<Values> {
  return cached(() => versions(client, arn), clock);
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

function cached(read: () => Promise<Values>, clock: Clock): () => Promise<Values> {
  let entry: { values: Promise<Values>; readAtMs: number } | undefined;
  return async () => {
    if (entry === undefined || clock.now() - entry.readAtMs > CACHE_MS) {
      entry = { values: read(), readAtMs: clock.now() };
    }
    const used = entry;
    try {
      return await used.values;
    } catch (error) {
      // A failure is not kept: the next caller tries again.
      if (entry === used) entry = undefined;
      throw error;
    }
  };
}
