import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "./access-keys.ts";

/** A request to an AWS service, read whole. */
export interface GatewayRequest {
  method: string;
  /** As it came: path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Aborted when the caller has gone. */
  signal: AbortSignal;
}

export interface GatewayResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer | string;
}

/** What a signed request asks for. */
export interface Call {
  /** As in the credential scope: `dynamodb`, `sqs`, `s3`, `secretsmanager`. */
  service: string;
  /** As IAM names it: `PutItem`. */
  action: string;
  /** The ARN it is about, if the request names one. */
  resource: string | undefined;
  caller: Caller;
}

/** What lies behind the gateway for one service. */
export type Service = (call: Call, request: GatewayRequest) => Promise<GatewayResponse>;

/**
 * Sees every call before its service does; may answer itself, change the answer, or call `next` more than once, also
 * with a changed request.
 */
export type Interceptor = (
  call: Call,
  request: GatewayRequest,
  next: (changed?: GatewayRequest) => Promise<GatewayResponse>,
) => Promise<GatewayResponse>;
