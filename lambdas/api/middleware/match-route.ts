import type middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { CONSOLE_ROUTE, isForConsole } from "../console-files.ts";
import { isLiteral, routeKey, routesAt } from "../routes.ts";
import { isSigned, unprefixed } from "../signed-request.ts";

/**
 * Finds the route of a request where the gateway has not: it does not know all routes, has one for signed requests, and
 * takes `GET /executions/batch` for an execution called `batch`.
 */
export function matchRoute(): middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    before({ event }) {
      if (isSigned(event)) event.rawPath = unprefixed(event.rawPath);
      else if (event.routeKey !== "$default" && !isLiteral(event.rawPath)) return;
      const { method } = event.requestContext.http;
      const atPath = routesAt(event.rawPath);
      const found = atPath.find(({ route }) => route.method === method);
      if (found !== undefined) {
        event.routeKey = routeKey(found.route);
        event.pathParameters = found.parameters;
      } else event.routeKey = atPath.length === 0 && isForConsole(event) ? CONSOLE_ROUTE : "$default";
    },
  };
}
