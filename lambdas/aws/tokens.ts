import {
  BatchGetSecretValueCommand,
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
type Cached<Value> = (maxAgeMs?: number) => Promise<Value>;

/**
 * The secrets in Secrets Manager: current and previous version, both good, so that a rotation drops nobody. The current
 * ones of both are read together, the previous one of each when somebody shows what the current one does not fit.
 */
export function secretTokens(client: SecretsManagerClient, arns: SecretArns, clock: Clock): Tokens {
  const current = cachedSecret(() => currentValues(client, [arns.apiToken, arns.signingKey]), clock);
  const valuesOf = (arn: string) =>
    goodValues(async (maxAgeMs) => textOf(arn, (await current(maxAgeMs)).get(arn)), previous(client, arn, clock));
  return { apiTokens: valuesOf(arns.apiToken), signingKeys: valuesOf(arns.signingKey) };
}

/** Reads the values of one secret, the current one first, as {@link cachedSecret} does. */
export function secretValues(client: SecretsManagerClient, arn: string, clock: Clock): Cached<Values> {
  return goodValues(
    cachedSecret(() => version(client, arn, "AWSCURRENT"), clock),
    previous(client, arn, clock),
  );
}

function goodValues(current: Cached<string>, before: Cached<string | undefined>): Cached<Values> {
  let isPreviousKnown = false;
  return async (maxAgeMs) => {
    if (maxAgeMs === undefined && !isPreviousKnown) return [await current()];
    const [value, previousValue] = await Promise.all([current(maxAgeMs), before(maxAgeMs)]);
    isPreviousKnown = true;
    return previousValue === undefined ? [value] : [value, previousValue];
  };
}

async function currentValues(client: SecretsManagerClient, arns: string[]): Promise<ReadonlyMap<string, string>> {
  const command = new BatchGetSecretValueCommand({ SecretIdList: arns });
  const { SecretValues = [], Errors: [error] = [] } = await client.send(command);
  if (error !== undefined) throw new Error(`the secret ${error.SecretId} cannot be read: ${error.ErrorCode}`);
  return new Map(SecretValues.map(({ ARN = "", SecretString = "" }) => [ARN, SecretString]));
}

function previous(client: SecretsManagerClient, arn: string, clock: Clock): Cached<string | undefined> {
  return cachedSecret(async () => {
    try {
      return await version(client, arn, "AWSPREVIOUS");
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }, clock);
}

async function version(client: SecretsManagerClient, arn: string, stage: string): Promise<string> {
  const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: stage });
  return textOf(arn, (await client.send(command)).SecretString);
}

function textOf(arn: string, value: string | undefined): string {
  // An empty token would be everybody's.
  if (!value) throw new Error(`the secret ${arn} has no value`);
  return value;
}
