import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { DomainError } from "../core/errors.ts";
import type { Clock, Tokens } from "../core/ports.ts";
import { authenticate } from "./authenticate.ts";
import type { Endpoint, Response } from "./endpoint.ts";
import { parseBody } from "./parse-body.ts";
import { type RouteName, routeKey, routes } from "./routes.ts";

export interface AnswerPorts {
  endpoints: Record<RouteName, Endpoint>;
  tokens: Tokens;
  clock: Clock;
}

/** Answers an event of the gateway: who calls, which route, what body, then the route's endpoint. */
export function answer(ports: AnswerPorts) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const route = routes.find((candidate) => routeKey(candidate) === event.routeKey);
    // Whether the service is up is the only thing that anybody may know.
    const principal =
      route?.name === "getHealth"
        ? ({ kind: "api" } as const)
        : await authenticate(event.headers["authorization"], ports.tokens, ports.clock);
    if (route === undefined) throw noSuchRoute(event);
    const response = await ports.endpoints[route.name]({
      parameters: event.pathParameters ?? {},
      body: parseBody(event),
      principal,
    });
    return toResult(response);
  };
}

function toResult({ status, headers, body }: Response): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, ...(headers && { headers }), ...(body !== undefined && { body }) };
}

// The gateway sends what fits no route to $default: a path that exists with another method is a 405.
function noSuchRoute(event: APIGatewayProxyEventV2): DomainError {
  const method = event.requestContext.http.method;
  const methods = routes.filter(({ path }) => fits(path, event.rawPath)).map((route) => route.method);
  if (methods.length === 0) return new DomainError("not_found", "there is nothing at this path");
  return new DomainError("method_not_allowed", `${method} is not allowed here; use ${methods.join(" or ")}`);
}

function fits(template: string, path: string): boolean {
  const expected = template.split("/");
  const actual = path.split("/");
  return (
    expected.length === actual.length &&
    expected.every((part, index) => part === actual[index] || (part.startsWith("{") && actual[index] !== ""))
  );
}
