import type middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { DomainError, type ErrorKind } from "../../core/errors.ts";

/** The only place that knows which HTTP status an error has. */
const statuses: Record<ErrorKind, number> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unavailable: 503,
};

/** Headers of an error's answer. */
const headers: Partial<Record<ErrorKind, Record<string, string>>> = {
  unauthorized: { "www-authenticate": "Bearer" },
  unavailable: { "retry-after": "1" },
};

/** The path exists, but not with this method. */
export class MethodNotAllowed extends DomainError {
  readonly allowed: readonly string[];

  constructor(method: string, allowed: readonly string[]) {
    super("method_not_allowed", `${method} is not allowed here; use ${allowed.join(" or ")}`);
    this.allowed = allowed;
  }
}

/** Turns whatever was thrown into an answer. Of an unexpected error the caller learns nothing but the request's id. */
export function failures(): middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    onError: (request) => {
      request.response = answer(request.error, request.event.requestContext.requestId);
    },
  };
}

/** The body of an error's answer. */
export function errorBody(error: unknown, requestId: string): { error: ErrorKind | "internal"; message: string } {
  if (error instanceof DomainError) return { error: error.kind, message: error.message };
  return { error: "internal", message: `something went wrong on our side; ask about request ${requestId}` };
}

function answer(error: unknown, requestId: string): APIGatewayProxyStructuredResultV2 {
  const body = errorBody(error, requestId);
  if (!(error instanceof DomainError)) return shape(500, body);
  const allow = error instanceof MethodNotAllowed && { allow: error.allowed.join(", ") };
  return shape(statuses[error.kind], body, { ...headers[error.kind], ...allow });
}

function shape(
  statusCode: number,
  body: ReturnType<typeof errorBody>,
  more: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { "content-type": "application/json", ...more },
    body: JSON.stringify(body),
  };
}
