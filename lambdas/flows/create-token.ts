import { type ApiToken, parseToken, TOKEN_BYTES, tokenText } from "../core/api-token.ts";
import { DomainError, unknownFunction } from "../core/errors.ts";
import type { FunctionCatalog } from "../core/functions.ts";
import type { Clock, NamedTokens } from "../core/ports.ts";

export interface CreateTokenPorts {
  namedTokens: NamedTokens;
  functions: FunctionCatalog;
  clock: Clock;
  randomBytes: (count: number) => Uint8Array;
}

/** Tokens of a deployment: all of them are listed at once. */
const MAX_TOKENS = 500;

/**
 * Makes a token. Only its hash is stored: `text`, which its holder shows, is in the answer and nowhere else.
 * @throws DomainError `bad_request` for a function that is not deployed; `conflict` for a name that another token has
 */
export async function createToken(
  ports: CreateTokenPorts,
  wanted: Pick<ApiToken, "name" | "scopes" | "functions" | "createdBy" | "expiresAtMs">,
): Promise<{ token: ApiToken; text: string }> {
  const unknown = wanted.functions?.find((name) => !ports.functions.has(name));
  if (unknown !== undefined) throw unknownFunction(unknown, ports.functions.keys());
  if ((await ports.namedTokens.list()).length >= MAX_TOKENS) {
    throw new DomainError("conflict", `there are ${MAX_TOKENS} tokens: delete those that nobody uses`);
  }
  const text = tokenText(wanted.name, ports.randomBytes(TOKEN_BYTES));
  const { hash = "" } = parseToken(text) ?? {};
  const token = { ...wanted, hash, createdAtMs: ports.clock.now() };
  if ((await ports.namedTokens.create(token)) === "exists") {
    throw new DomainError("conflict", `name: there is a token "${wanted.name}"; delete it first, or use another name`);
  }
  return { token, text };
}
