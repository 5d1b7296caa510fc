import { createHmac, timingSafeEqual } from "node:crypto";
import { type ExecutionId, parseReference } from "./ids.ts";
import { LAMBDA_TIMEOUT_SECONDS, LAST_MOMENT_MS } from "./limits.ts";
import type { RetryPolicy } from "./retry.ts";

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

/**
 * The seed from which the tokens of execution `id` are made, none of them good after `untilMs`. The function finds the seed
 * in its own record and can sign tokens for any time, and can put its record back to `started`; but it cannot move
 * `untilMs`, which the signing key is needed for.
 */
export function tokenSeed(signingKey: string, id: ExecutionId, untilMs: number): string {
  return `${untilMs}.${createHmac("sha256", signingKey).update(`seed:${id}:${untilMs}`).digest("base64url")}`;
}

/** How long something may wait behind others: SQS keeps a message for no longer. */
const MAX_WAIT_MS = 14 * 86_400_000;

/** When the last attempt of an execution that is due at `dueAtMs` has ended, even if it waits as long as it can. */
export function lastTokenMs(
  dueAtMs: number,
  { maxAttempts, maxIntervalSeconds, randomizationFactor }: RetryPolicy,
): number {
  const attemptSeconds = maxIntervalSeconds * (1 + randomizationFactor) + LAMBDA_TIMEOUT_SECONDS;
  const untilMs = dueAtMs + MAX_WAIT_MS + 1000 * (maxAttempts + 1) * attemptSeconds;
  return Math.ceil(Math.min(untilMs, LAST_MOMENT_MS));
}

/** A token for one attempt, good until `claims.expiresAtMs`. */
export function signToken(seed: string, claims: TokenClaims): string {
  const [untilMs] = seed.split(".");
  const text = `${PREFIX}.${claims.executionId}.${claims.attempt}.${claims.expiresAtMs}.${untilMs}`;
  return `${text}.${signature(seed, text)}`;
}

/** Whether `token` says that it is one of these; whether it is true is another question. */
export function isExecutionToken(token: string): boolean {
  return token.startsWith(`${PREFIX}.`);
}

/** The claims of `token`, or `undefined` if it is malformed, expired, or signed with none of the keys. */
export function verifyToken(signingKeys: readonly string[], token: string, nowMs: number): TokenClaims | undefined {
  const [prefix, id, attempt, expires, until, signed, ...rest] = token.split(".");
  if (prefix !== PREFIX || signed === undefined || rest.length > 0) return undefined;
  const reference = parseReference(`${id}.${attempt}`);
  const expiresAtMs = Number(expires);
  const untilMs = Number(until);
  if (reference?.attempt === undefined || !(expiresAtMs > nowMs) || !(untilMs > nowMs)) return undefined;
  const text = `${prefix}.${id}.${attempt}.${expires}.${until}`;
  const isGenuine = signingKeys.some((key) =>
    isEqual(signature(tokenSeed(key, reference.executionId, untilMs), text), signed),
  );
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
