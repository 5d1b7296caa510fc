import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock } from "../core/ports.ts";

/** A secret by its ARN or name; with `field`, that of the JSON object which is its value. */
export interface SecretReference {
  id: string;
  field?: string | undefined;
}

/** Secrets are read again after this long, so that a rotation is seen. */
const CACHE_MS = 5 * 60_000;

/**
 * Environment variables whose values are secrets: their current values by name, read again after five minutes.
 * Rejects only if they could never be read; the error names variable and secret, and never a value.
 */
export function secretVariables(
  makeClient: () => SecretsManagerClient,
  references: Readonly<Record<string, SecretReference>>,
  clock: Clock,
): () => Promise<Record<string, string>> {
  const entries = Object.entries(references);
  if (entries.length === 0) return async () => ({});
  const client = makeClient();
  let known: { values: Record<string, string>; readAtMs: number } | undefined;
  return async () => {
    if (known !== undefined && clock.now() - known.readAtMs <= CACHE_MS) return known.values;
    try {
      known = { values: await readAll(client, entries), readAtMs: clock.now() };
    } catch (error) {
      // What was good is better than nothing while the service is away.
      if (known === undefined) throw error;
    }
    return known.values;
  };
}

async function readAll(
  client: SecretsManagerClient,
  entries: readonly (readonly [string, SecretReference])[],
): Promise<Record<string, string>> {
  const ids = new Set(entries.map(([, { id }]) => id));
  const texts = new Map(await Promise.all([...ids].map(async (id) => [id, await textOf(client, id)] as const)));
  return Object.fromEntries(entries.map(([name, { id, field }]) => [name, pick(name, texts.get(id) ?? "", id, field)]));
}

async function textOf(client: SecretsManagerClient, id: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
  if (SecretString === undefined) throw new Error(`the secret ${id} has no text: binary ones cannot be a variable`);
  return SecretString;
}

function pick(name: string, text: string, id: string, field: string | undefined): string {
  if (field === undefined) return text;
  const value = parseObject(text)?.[field];
  if (value === undefined) throw new Error(`${name}: the secret ${id} is no JSON object with a field "${field}"`);
  return typeof value === "string" ? value : JSON.stringify(value);
}

// What JSON.parse says of a text has the text in it.
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
