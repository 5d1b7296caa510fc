import { type ApiToken, isExpired } from "../../lambdas/core/api-token.ts";
import type { Clock, ConsoleCodes, NamedTokens, Tokens } from "../../lambdas/core/ports.ts";
import { frozen } from "./frozen.ts";

export function memoryConsoleCodes(): ConsoleCodes {
  const used = new Set<string>();
  return {
    async use({ id }) {
      if (used.has(id)) return false;
      used.add(id);
      return true;
    },
  };
}

/** The named tokens, as old as a caller takes them for. */
export function memoryNamedTokens(
  clock: Pick<Clock, "now"> = { now: Date.now },
): NamedTokens & { tokens: Map<string, ApiToken> } {
  const tokens = new Map<string, ApiToken>();
  const live = (name: string) => {
    const token = tokens.get(name);
    return token === undefined || isExpired(token, clock.now()) ? undefined : token;
  };
  return {
    tokens,
    get: async (name) => tokens.get(name),
    list: async () => [...tokens.values()],
    async create(token) {
      if (live(token.name) !== undefined) return "exists";
      tokens.set(token.name, frozen(token));
      return "created";
    },
    async remove(name) {
      const was = live(name);
      tokens.delete(name);
      return was === undefined ? "unknown" : "removed";
    },
  };
}

export const fixedTokens: Tokens = {
  apiTokens: async () => ["current", "previous"],
  signingKeys: async () => ["key"],
};
