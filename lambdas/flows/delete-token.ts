import { DomainError } from "../core/errors.ts";
import type { NamedTokens } from "../core/ports.ts";

/**
 * Revokes a token. Within a minute nobody takes it any more.
 * @throws DomainError `not_found`
 */
export async function deleteToken({ namedTokens }: { namedTokens: NamedTokens }, name: string): Promise<void> {
  if ((await namedTokens.remove(name)) === "removed") return;
  throw new DomainError("not_found", `cannot find token "${name.slice(0, 64)}"`);
}
