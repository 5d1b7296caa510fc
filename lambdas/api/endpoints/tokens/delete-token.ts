import type { NamedTokens } from "../../../core/ports.ts";
import { deleteToken as remove } from "../../../flows/delete-token.ts";
import type { Endpoint } from "../../endpoint.ts";

/** `DELETE /public/v2/tokens/{name}`: revokes a token, within a minute. */
export function deleteToken(ports: { namedTokens: NamedTokens }): Endpoint {
  return async ({ parameters }) => {
    await remove(ports, parameters["name"] ?? "");
    return { status: 204 };
  };
}
