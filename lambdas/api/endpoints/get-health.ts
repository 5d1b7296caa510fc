import { type Endpoint, json } from "../endpoint.ts";

/** `GET /health`: the gateway and this Lambda answer. Open to everybody, so it says nothing more. */
export function getHealth(): Endpoint {
  return async () => json(200, { status: "ok" });
}
