import type { Scope } from "../core/api-token.ts";
import { executionName, type Parent } from "../core/execution.ts";
import type { ExecutionId } from "../core/ids.ts";

/**
 * The caller: the holder of a token of the API, for all functions or for some; or a running execution. `isConfined`: to
 * its own tree.
 */
export type Principal =
  | { kind: "api"; name: string; scopes: readonly Scope[]; functions?: readonly string[] | undefined }
  | { kind: "execution"; executionId: ExecutionId; root: ExecutionId; isConfined: boolean };

/** A request as an endpoint sees it: caller known, body parsed. */
export interface ApiRequest {
  parameters: Readonly<Record<string, string | undefined>>;
  query: URLSearchParams;
  /** The header `Idempotency-Key`. */
  idempotencyKey: string | undefined;
  /** The header `Authorization`. */
  authorization: string | undefined;
  /** The JSON body; `undefined` when there is none. */
  body: unknown;
  principal: Principal;
  /** The gateway's id of this request. */
  requestId: string;
}

export interface ApiResponse {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** Whether `body` is bytes in base64. */
  isBase64?: boolean;
  /** The new executions that this request has made, for the log. */
  enqueued?: readonly ExecutionId[];
}

export type Endpoint = (request: ApiRequest) => Promise<ApiResponse>;

/** An answer in JSON. */
export function json(status: number, value: unknown): ApiResponse {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** The execution in whose name is called, if it is one that calls. */
export function parentOf(principal: Principal): Parent | undefined {
  return principal.kind === "execution" ? { id: principal.executionId, root: principal.root } : undefined;
}

/** Name of the caller in records and in the log. */
export function nameOf(principal: Principal): string {
  return principal.kind === "execution" ? executionName(principal.executionId) : principal.name;
}
