import type { ApiToken } from "../core/api-token.ts";
import { timestamp } from "../core/present-execution.ts";

/** A named token as the API answers it: never the hash. */
export function presentToken({ name, scopes, functions, createdAtMs, createdBy, expiresAtMs }: ApiToken): object {
  return {
    name,
    scopes,
    ...(functions && { functions }),
    created_at: timestamp(createdAtMs),
    created_by: createdBy,
    ...(expiresAtMs !== undefined && { expires_at: timestamp(expiresAtMs) }),
  };
}
