import type middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";

/** Every answer carries the gateway's request id, so that a caller and the log speak of the same request. */
export function requestId(): middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  const mark: middy.MiddlewareFn<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> = (request) => {
    if (!request.response) return;
    request.response.headers = {
      ...request.response.headers,
      "x-request-id": request.event.requestContext.requestId,
    };
  };
  return { after: mark, onError: mark };
}
