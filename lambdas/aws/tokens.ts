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

/** However fresh they are asked to be: whoever tries wrong tokens must not make us read all the time. */
const FRESHEST_MS = 10_000;

type Values = readonly [string, ...string[]];
type SecretValues = (maxAgeMs?: number) => Promise<Values>;

/** The secrets in Secrets Manager: current and previous version, both good, so that a rotation drops nobody. */
export function secretTokens(client: SecretsManagerClient, arns: SecretArns, clock: Clock): Tokens {
  return {
    apiTokens: secretValues(client, arns.apiToken, clock),
    signingKeys: secretValues(client, arns.signingKey, clock),
  };
}

/** The values of one secret, the current first; read again after five minutes, or sooner if so asked. */
export function secretValues(client: SecretsManagerClient, arn: string, clock: Clock): SecretValues {
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

function cached(read: () => Promise<Values>, clock: Clock): SecretValues {
  let entry: { values: Values; readAtMs: number } | undefined;
  let reading: Promise<Values> | undefined;
  const refresh = async () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    entry = { values: await reading, readAtMs: clock.now() };
    return entry.values;
  };
  return async (maxAgeMs = CACHE_MS) => {
    if (entry === undefined) return refresh();
    if (clock.now() - entry.readAtMs <= Math.max(maxAgeMs, FRESHEST_MS)) return entry.values;
    // What was good is better than nothing while the service is away.
    return refresh().catch(() => entry?.values ?? refresh());
  };
}
