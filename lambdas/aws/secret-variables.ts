import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock } from "../core/ports.ts";
import { cachedSecret } from "./cached-secret.ts";

/** A secret by its ARN or name; with `field`, that of the JSON object which is its value. */
export interface SecretReference {
  id: string;
  field?: string | undefined;
}

/**
 * Reads the environment variables whose values are secrets, by name, as {@link cachedSecret} does. An error names
 * variable and secret, and never a value.
 */
export function secretVariables(
  makeClient: () => SecretsManagerClient,
  references: Readonly<Record<string, SecretReference>>,
  clock: Clock,
): () => Promise<Record<string, string>> {
  const entries = Object.entries(references);
  if (entries.length === 0) return async () => ({});
  const client = makeClient();
  return cachedSecret(() => readAll(client, entries), clock);
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

// JSON.parse's error would quote the text.
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
