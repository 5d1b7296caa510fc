import type middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { DomainError, type ErrorKind } from "../../core/errors.ts";

/** The only place that knows which HTTP status an error has. */
const statuses: Record<ErrorKind, number> = {
  bad_request: 400,
  unauthorized: 401,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unavailable: 503,
};

/** Turns whatever was thrown into an answer. Of an unexpected error the caller learns nothing but the request's id. */
export function failures(): middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    onError: (request) => {
      request.response = answer(request.error, request.event.requestContext.requestId);
    },
  };
}

function answer(error: unknown, requestId: string): APIGatewayProxyStructuredResultV2 {
  if (!(error instanceof DomainError)) {
    return shape(500, "internal", `something went wrong on our side; ask about request ${requestId}`);
  }
  const response = shape(statuses[error.kind], error.kind, error.message);
  if (error.kind === "unavailable") response.headers = { ...response.headers, "retry-after": "1" };
  return response;
}

function shape(statusCode: number, error: string, message: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ error, message }),
  };
}
