import { isExpired } from "../../../core/api-token.ts";
import type { Clock, NamedTokens } from "../../../core/ports.ts";
import { type Endpoint, json } from "../../endpoint.ts";
import { presentToken } from "../../present-token.ts";

/** `GET /public/v2/tokens`: the named tokens by name, without what their holders show. */
export function listTokens({ namedTokens, clock }: { namedTokens: NamedTokens; clock: Clock }): Endpoint {
  return async () => {
    const nowMs = clock.now();
    const tokens = (await namedTokens.list()).filter((token) => !isExpired(token, nowMs));
    return json(200, { data: tokens.sort((a, b) => (a.name < b.name ? -1 : 1)).map(presentToken) });
  };
}
