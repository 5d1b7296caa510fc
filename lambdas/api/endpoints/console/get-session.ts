import { scopes } from "../../../core/api-token.ts";
import { type Endpoint, json, nameOf } from "../../endpoint.ts";

/** `GET /console/session`: the caller's name and what its token is good for, so that a page offers nothing else. */
export function getSession(): Endpoint {
  return async ({ principal }) =>
    json(200, {
      data: {
        name: nameOf(principal),
        scopes: principal.kind === "api" ? principal.scopes : scopes.filter((scope) => scope !== "admin"),
        ...(principal.kind === "api" && principal.functions !== undefined && { functions: principal.functions }),
      },
    });
}
