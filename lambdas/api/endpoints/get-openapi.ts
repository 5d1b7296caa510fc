import type { Endpoint } from "../endpoint.ts";

/** `GET /openapi.json`: the contract, as the build made it. */
export function getOpenapi(readOpenapi: () => string): Endpoint {
  return async () => ({ status: 200, headers: { "content-type": "application/json" }, body: readOpenapi() });
}
