import { isExpired, parseToken } from "../core/api-token.ts";
import { DomainError } from "../core/errors.ts";
import { type Execution, isRunning } from "../core/execution.ts";
import { isEqual, isExecutionToken, type TokenClaims, verifyToken } from "../core/execution-token.ts";
import type { Clock, Executions, NamedTokens, Tokens } from "../core/ports.ts";
import type { Principal } from "./endpoint.ts";

/** Reach of execution tokens: their own tree, or everything. */
export const executionTokens = ["tree", "full"] as const;
type ExecutionTokens = (typeof executionTokens)[number];

/** Callers of routes that are open to everybody. */
export const anybody: Principal = { kind: "api", name: "anybody", scopes: [] };

/** The holder of the deployment's own token. */
const admin: Principal = { kind: "api", name: "admin", scopes: ["admin"] };

/** A revoked token is gone within this; and an answer so old is read again for a token that it does not fit. */
const TOKEN_CACHE_MS = 60_000;
const FRESH_TOKEN_MS = 10_000;

export interface AuthenticationPorts {
  tokens: Tokens;
  namedTokens: NamedTokens;
  clock: Clock;
  executions: Executions;
  executionTokens: ExecutionTokens;
}

/**
 * Returns the caller named by the `Authorization` header: `Bearer <token>`, or `Basic` with an empty user name and the
 * token as the password, as the client sends it.
 * @throws DomainError `unauthorized`
 */
export async function authenticate(header: string | undefined, ports: AuthenticationPorts): Promise<Principal> {
  const token = presentedToken(header);
  if (token !== undefined) {
    // Right after a rotation the new value may be known to the caller and not here yet.
    const principal = (await identify(token, ports)) ?? (await identify(token, ports, 0));
    if (principal !== undefined) return principal;
  }
  throw new DomainError("unauthorized", "send a valid token: Authorization: Bearer <token>");
}

/**
 * Returns the caller of a request that the gateway has let pass, by the ARN of its principal. Its policies say which
 * methods and paths it may call, so here it may call all of them.
 * @throws DomainError `unauthorized`
 */
export function signer(arn: string | undefined): Principal {
  if (arn === undefined) throw new DomainError("unauthorized", "sign the request by Signature Version 4");
  return { kind: "api", name: arn, scopes: ["admin"] };
}

async function identify(
  token: string,
  { tokens, namedTokens, clock, executions, executionTokens }: AuthenticationPorts,
  maxAgeMs?: number,
): Promise<Principal | undefined> {
  if (isExecutionToken(token)) {
    const claims = verifyToken(await tokens.signingKeys(maxAgeMs), token, clock.now());
    const execution = claims && (await executions.get(claims.executionId));
    if (claims === undefined || execution === undefined || !isAlive(execution, claims)) return undefined;
    return {
      kind: "execution",
      executionId: execution.id,
      root: claims.root,
      isConfined: executionTokens === "tree",
    };
  }
  const isAdmin = (await tokens.apiTokens(maxAgeMs)).some((good) => isEqual(good, token));
  if (isAdmin) return admin;
  return identifyNamed(token, { namedTokens, clock }, maxAgeMs === undefined ? TOKEN_CACHE_MS : FRESH_TOKEN_MS);
}

async function identifyNamed(
  text: string,
  { namedTokens, clock }: Pick<AuthenticationPorts, "namedTokens" | "clock">,
  maxAgeMs: number,
): Promise<Principal | undefined> {
  const shown = parseToken(text);
  if (shown === undefined) return undefined;
  const token = await namedTokens.get(shown.name, maxAgeMs);
  if (token === undefined || !isEqual(shown.hash, token.hash) || isExpired(token, clock.now())) return undefined;
  const { name, scopes, functions } = token;
  return { kind: "api", name, scopes, functions };
}

/** Returns the token in an `Authorization` header. */
export function presentedToken(header: string | undefined): string | undefined {
  const [, scheme, credentials] = /^(bearer|basic) +([^ ]+) *$/i.exec(header ?? "") ?? [];
  if (scheme === undefined || credentials === undefined) return undefined;
  if (scheme.toLowerCase() === "bearer") return credentials;
  const decoded = Buffer.from(credentials, "base64").toString("utf-8");
  return decoded.startsWith(":") ? decoded.slice(1) : undefined;
}

// A token ends with its attempt, even if that was over sooner than it could have been.
function isAlive(execution: Execution, { attempt }: TokenClaims): boolean {
  return isRunning(execution) && execution.attempt === attempt;
}
