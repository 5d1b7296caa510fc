import { REGION } from "../account.ts";
import type { Principal } from "./access-keys.ts";
import { authorization } from "./signature.ts";

export interface PlainRequest {
  method: string;
  /** The whole of it, without a query. */
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** The request with the headers of Signature Version 4, for services that we have no SDK client of. Not for S3. */
export function signedRequest(principal: Principal, service: string, request: PlainRequest): PlainRequest {
  const { host, pathname } = new URL(request.url);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const headers = { ...request.headers, "x-amz-date": time };
  // Whoever sends it adds the host.
  const toSign = {
    method: request.method,
    url: pathname,
    headers: { ...headers, host },
    body: Buffer.from(request.body),
  };
  return {
    ...request,
    headers: { ...headers, authorization: authorization(toSign, principal, { time, region: REGION, service }) },
  };
}
