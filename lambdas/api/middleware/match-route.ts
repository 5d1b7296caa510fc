import type middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { CONSOLE_ROUTE, isForConsole } from "../console-files.ts";
import { parametersIn, routeKey, routes } from "../routes.ts";
import { isSigned, unprefixed } from "../signed-request.ts";

/**
 * Finds the route of a request that came by the gateway's default route, since the gateway does not know all routes, or
 * by the one for signed requests.
 */
export function matchRoute(): middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    before({ event }) {
      if (isSigned(event)) event.rawPath = unprefixed(event.rawPath);
      else if (event.routeKey !== "$default") return;
      const { method } = event.requestContext.http;
      for (const route of routes) {
        const parameters = route.method === method ? parametersIn(route.path, event.rawPath) : undefined;
        if (parameters === undefined) continue;
        event.routeKey = routeKey(route);
        event.pathParameters = parameters;
        return;
      }
      if (isForConsole(event)) event.routeKey = CONSOLE_ROUTE;
    },
  };
}
