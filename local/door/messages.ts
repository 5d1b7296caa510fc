import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "./principals.ts";

/** A request to an AWS service, read whole. */
export interface DoorRequest {
  method: string;
  /** As it came: path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Aborted when the caller has gone. */
  signal: AbortSignal;
}

export interface DoorResponse {
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

/** What lies behind the door for one service. */
export type Service = (call: Call, request: DoorRequest) => Promise<DoorResponse>;

/**
 * Sees every call before its service does; may answer itself, change the answer, or call `next` more than once, also
 * with a changed request.
 */
export type Interceptor = (
  call: Call,
  request: DoorRequest,
  next: (changed?: DoorRequest) => Promise<DoorResponse>,
) => Promise<DoorResponse>;
