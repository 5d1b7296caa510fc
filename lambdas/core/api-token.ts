import { createHash } from "node:crypto";

/** Kinds of requests that a token may be good for. `admin` covers the others. */
export const scopes = ["read", "enqueue", "control", "admin"] as const;
export type Scope = (typeof scopes)[number];

/** A named token of the API as it is stored: the token itself is known to its holder alone. */
export interface ApiToken {
  name: string;
  /** SHA-256 of its secret part. */
  hash: string;
  scopes: readonly Scope[];
  /** Names of the functions that it concerns; absent: all of them. */
  functions?: readonly string[];
  createdAtMs: number;
  /** Name of the caller who made it. */
  createdBy: string;
  expiresAtMs?: number;
}

/** Names of callers that no token may have. */
export const RESERVED_TOKEN_NAMES: readonly string[] = ["admin", "anybody", "cron"];

/** The pattern of names: without a dot, which ends a name in its token, and without a colon, as others have. */
export const TOKEN_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The rule for a name, as a message tells it. */
export const TOKEN_NAME_RULE =
  "must begin with a letter or digit, have at most 64 letters, digits, hyphens and underscores, and must not be " +
  RESERVED_TOKEN_NAMES.join(", ");

export function isTokenName(name: string): boolean {
  return TOKEN_NAME.test(name) && !RESERVED_TOKEN_NAMES.includes(name);
}

/** Bytes of a token's secret. */
export const TOKEN_BYTES = 32;

const FORMAT = /^ep1\.([^.]+)\.([A-Za-z0-9_-]{43})$/;

/** Returns the token called `name`, with a secret of {@link TOKEN_BYTES} random bytes, as its holder shows it. */
export function tokenText(name: string, secret: Uint8Array): string {
  return `ep1.${name}.${Buffer.from(secret).toString("base64url")}`;
}

/** Reads the name, and the hash of the secret, of what a caller shows; `undefined` if it is no named token. */
export function parseToken(text: string): Pick<ApiToken, "name" | "hash"> | undefined {
  const [, name = "", secret = ""] = FORMAT.exec(text) ?? [];
  return isTokenName(name) ? { name, hash: createHash("sha256").update(secret).digest("base64url") } : undefined;
}

/** Whether `token` is no longer good. */
export function isExpired({ expiresAtMs = Infinity }: ApiToken, nowMs: number): boolean {
  return nowMs >= expiresAtMs;
}
