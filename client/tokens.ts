import { json } from "./errors.ts";
import type { Call } from "./transport.ts";

export type Scope = "read" | "enqueue" | "control" | "admin";

/** A named token, without what its holder shows. */
export interface Token {
  name: string;
  scopes: Scope[];
  /** It is for these only. */
  functions?: string[];
  created_at: string;
  created_by: string;
  expires_at?: string;
}

/** A token to make. */
export interface NewToken {
  name: string;
  scopes: Scope[];
  /** Functions that it is for. @default all */
  functions?: string[];
  /** @default never */
  expires_at?: Date | string;
}

export function tokens(call: Call) {
  return {
    async list(): Promise<Token[]> {
      return ((await json(await call("GET", "/tokens"))) as { data: Token[] }).data;
    },

    /** Makes a token. `token` of the answer is what its holder shows; nothing tells it again. */
    async create(body: NewToken): Promise<Token & { token: string }> {
      return ((await json(await call("POST", "/tokens", { body }))) as { data: Token & { token: string } }).data;
    },

    /** Revokes a token. Within a minute nobody takes it any more. */
    async delete(name: string): Promise<void> {
      await call("DELETE", `/tokens/${encodeURIComponent(name)}`);
    },
  };
}
