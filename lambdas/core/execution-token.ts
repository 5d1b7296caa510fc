import { createHmac, timingSafeEqual } from "node:crypto";
import { type ExecutionId, parseReference } from "./ids.ts";

/**
 * Execution tokens: what the user's function gets as its `DEFER_TOKEN`.
 *
 * Two steps keep the signing key away from where user code runs. The API, which holds the key, derives a seed for every
 * execution it creates; the runner signs the tokens of that execution with the seed. Whoever gets hold of a seed
 * can speak for that one execution and no other.
 */
const PREFIX = "ex1";

/** What a valid token says. */
export interface TokenClaims {
  executionId: ExecutionId;
  attempt: number;
  expiresAtMs: number;
}

/** The seed from which the tokens of execution `id` are made. */
export function tokenSeed(signingKey: string, id: ExecutionId): string {
  return createHmac("sha256", signingKey).update(`seed:${id}`).digest("base64url");
}

/** A token for one attempt, good until `claims.expiresAtMs`. */
export function signToken(seed: string, claims: TokenClaims): string {
  const text = `${PREFIX}.${claims.executionId}.${claims.attempt}.${claims.expiresAtMs}`;
  return `${text}.${signature(seed, text)}`;
}

/** Whether `token` says that it is one of these; whether it is true is another question. */
export function isExecutionToken(token: string): boolean {
  return token.startsWith(`${PREFIX}.`);
}

/** The claims of `token`, or `undefined` if it is malformed, expired, or signed with none of the keys. */
export function verifyToken(signingKeys: readonly string[], token: string, nowMs: number): TokenClaims | undefined {
  const [prefix, id, attempt, expires, signed, ...rest] = token.split(".");
  if (prefix !== PREFIX || signed === undefined || rest.length > 0) return undefined;
  const reference = parseReference(`${id}.${attempt}`);
  const expiresAtMs = Number(expires);
  if (reference?.attempt === undefined || !(expiresAtMs > nowMs)) return undefined;
  const text = `${prefix}.${id}.${attempt}.${expires}`;
  const isGenuine = signingKeys.some((key) => isEqual(signature(tokenSeed(key, reference.executionId), text), signed));
  return isGenuine ? { executionId: reference.executionId, attempt: reference.attempt, expiresAtMs } : undefined;
}

/** Compares in a time that tells nothing of where two texts differ. */
export function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function signature(seed: string, text: string): string {
  return createHmac("sha256", seed).update(text).digest("base64url");
}
