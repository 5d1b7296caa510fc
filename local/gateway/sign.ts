import { REGION } from "../account.ts";
import type { AccessKey } from "./access-keys.ts";
import { authorization } from "./signature.ts";

export interface PlainRequest {
  method: string;
  /** Absolute, without a query. */
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Signs a request by Signature Version 4, for services without an SDK client here. Not for S3. */
export function signedRequest(accessKey: AccessKey, service: string, request: PlainRequest): PlainRequest {
  const { host, pathname } = new URL(request.url);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const headers = { ...request.headers, "x-amz-date": time };
  // The HTTP client adds the host.
  const toSign = {
    method: request.method,
    url: pathname,
    headers: { ...headers, host },
    body: Buffer.from(request.body),
  };
  return {
    ...request,
    headers: { ...headers, authorization: authorization(toSign, accessKey, { time, region: REGION, service }) },
  };
}
