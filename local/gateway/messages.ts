import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "./access-keys.ts";

/** A request to an AWS service, with its whole body. */
export interface GatewayRequest {
  method: string;
  /** Path and query, as received. */
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

/** The action that a signed request calls. */
export interface Call {
  /** Name of the service in the credential scope: `dynamodb`, `sqs`, `s3`, `secretsmanager`. */
  service: string;
  /** Name of the action in IAM: `PutItem`. */
  action: string;
  /** ARN of the resource, if the request names one. */
  resource: string | undefined;
  caller: Caller;
}

/** The implementation of one service. */
export type Service = (call: Call, request: GatewayRequest) => Promise<GatewayResponse>;

/**
 * Intercepts calls: may answer itself, change the answer, or call `next` more than once, also with a changed request.
 */
export type Interceptor = (
  call: Call,
  request: GatewayRequest,
  next: (changed?: GatewayRequest) => Promise<GatewayResponse>,
) => Promise<GatewayResponse>;
