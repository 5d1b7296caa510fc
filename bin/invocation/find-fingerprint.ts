import type { Client } from "../../client/client.ts";
import { Failure } from "./errors.ts";

/** Characters of a fingerprint that lists show: the first eight are the function's. */
export const SHORT_FINGERPRINT = 16;

/**
 * Returns the whole fingerprint of a kind of failure, of which the beginning may be given.
 * @throws Failure unless exactly one begins so
 */
export async function findFingerprint({ failures }: Client, text: string): Promise<string> {
  if (/^[0-9a-f]{32}$/.test(text)) return text;
  const found: string[] = [];
  for await (const { fingerprint } of failures.list()) if (fingerprint.startsWith(text)) found.push(fingerprint);
  const [only] = found;
  if (only === undefined) throw new Failure(`no kind of failure begins with ${text}`);
  if (found.length > 1) throw new Failure(`${found.length} kinds of failures begin with ${text}: ${found.join(", ")}`);
  return only;
}
