import { createHmac, timingSafeEqual } from "node:crypto";
import { type ExecutionId, isExecutionId, parseReference } from "./ids.ts";
import {
  LAMBDA_TIMEOUT_SECONDS,
  LAST_MOMENT_MS,
  MAX_LOAD_SECONDS,
  MAX_RETRY_SECONDS,
  RUNNER_RESERVE_SECONDS,
} from "./limits.ts";
import type { RetryPolicy } from "./retry.ts";

/**
 * Execution tokens: what the user's function gets as its `DEFER_TOKEN`.
 *
 * Two steps keep the signing key away from where user code runs. The API, which holds the key, derives a seed for every
 * execution it creates; the runner signs the tokens of that execution with the seed. Whoever gets hold of a seed
 * can speak for that one execution and no other.
 */
const PREFIX = "ex1";

/** Claims of a valid token. */
export interface TokenClaims {
  executionId: ExecutionId;
  attempt: number;
  expiresAtMs: number;
}

/** Claims that come from the token's seed. */
export interface VerifiedClaims extends TokenClaims {
  /** The execution whose tree it may reach. */
  root: ExecutionId;
}

/**
 * The seed from which the tokens of execution `id` are made: they speak for the tree of `root`, and none is good after
 * `untilMs`. The function finds the seed in its own record and can sign tokens for any time, and can write its record
 * as it likes; but for another root or a later end the signing key is needed.
 */
export function tokenSeed(signingKey: string, id: ExecutionId, untilMs: number, root: ExecutionId = id): string {
  const signed = createHmac("sha256", signingKey).update(`seed:${id}:${untilMs}:${root}`).digest("base64url");
  return `${untilMs}.${root}.${signed}`;
}

/** The seed of the same execution and root that lasts until `untilMs`. One that nobody here made has no other root. */
export function extendedSeed(
  signingKeys: readonly [string, ...string[]],
  seed: string,
  id: ExecutionId,
  untilMs: number,
): string {
  const [until, root = ""] = seed.split(".");
  const isGenuine =
    isExecutionId(root) && signingKeys.some((key) => isEqual(tokenSeed(key, id, Number(until), root), seed));
  return tokenSeed(signingKeys[0], id, untilMs, isGenuine ? root : id);
}

/** How long something may wait behind others: SQS keeps a message for no longer. */
const MAX_WAIT_MS = 14 * 86_400_000;

/**
 * Returns the latest end of the last attempt of an execution that is due at `scheduledAtMs`. What the function throws
 * may ask for a longer wait than the policy's.
 */
export function lastTokenMs(scheduledAtMs: number, { maxAttempts }: RetryPolicy, maxDurationSeconds = 0): number {
  // On Fargate an attempt may run for longer than Lambda allows.
  const runSeconds = Math.max(LAMBDA_TIMEOUT_SECONDS, maxDurationSeconds + MAX_LOAD_SECONDS + RUNNER_RESERVE_SECONDS);
  const retriesSeconds = maxAttempts * (MAX_RETRY_SECONDS + runSeconds);
  const untilMs = scheduledAtMs + MAX_WAIT_MS + 1000 * (retriesSeconds + runSeconds);
  return Math.ceil(Math.min(untilMs, LAST_MOMENT_MS));
}

/** A token for one attempt, good until `claims.expiresAtMs`. */
export function signToken(seed: string, claims: TokenClaims): string {
  const [untilMs, root] = seed.split(".");
  const text = `${PREFIX}.${claims.executionId}.${claims.attempt}.${claims.expiresAtMs}.${untilMs}.${root}`;
  return `${text}.${signature(seed, text)}`;
}

/** Whether `token` says that it is one of these; whether it is true is another question. */
export function isExecutionToken(token: string): boolean {
  return token.startsWith(`${PREFIX}.`);
}

/** The claims of `token`, or `undefined` if it is malformed, expired, or signed with none of the keys. */
export function verifyToken(signingKeys: readonly string[], token: string, nowMs: number): VerifiedClaims | undefined {
  const [prefix, id, attempt, expires, until, root = "", signed, ...rest] = token.split(".");
  if (prefix !== PREFIX || signed === undefined || rest.length > 0) return undefined;
  const reference = parseReference(`${id}.${attempt}`);
  const expiresAtMs = Number(expires);
  const untilMs = Number(until);
  if (reference?.attempt === undefined || !(expiresAtMs > nowMs) || !(untilMs > nowMs)) return undefined;
  if (!isExecutionId(root)) return undefined;
  const text = `${prefix}.${id}.${attempt}.${expires}.${until}.${root}`;
  const isGenuine = signingKeys.some((key) =>
    isEqual(signature(tokenSeed(key, reference.executionId, untilMs, root), text), signed),
  );
  return isGenuine ? { executionId: reference.executionId, attempt: reference.attempt, expiresAtMs, root } : undefined;
}

/** Compares in a time that tells nothing of where two texts differ. */
export function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function signature(seed: string, text: string): string {
  return createHmac("sha256", seed).update(text).digest("base64url");
}
