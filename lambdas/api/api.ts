import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { DomainError } from "../core/errors.ts";
import type { Attempts } from "../core/ports.ts";
import type { EnqueuePorts } from "../flows/enqueue.ts";
import { authenticate } from "./authenticate.ts";
import type { Endpoint, Response } from "./endpoint.ts";
import { getArguments } from "./endpoints/get-arguments.ts";
import { getExecution } from "./endpoints/get-execution.ts";
import { getHealth } from "./endpoints/get-health.ts";
import { getLogs } from "./endpoints/get-logs.ts";
import { getResults } from "./endpoints/get-results.ts";
import { putExecution } from "./endpoints/put-execution.ts";
import { failures } from "./middleware/failures.ts";
import { requestId } from "./middleware/request-id.ts";
import { parseBody } from "./parse-body.ts";
import { type RouteName, routeKey, routes } from "./routes.ts";

export interface ApiPorts extends EnqueuePorts {
  attempts: Attempts;
}

/** The API over its ports: answers the gateway's events (payload format 2.0). */
export function api(ports: ApiPorts) {
  // A route without an endpoint does not compile.
  const endpoints: Record<RouteName, Endpoint> = {
    getHealth: getHealth(),
    putExecution: putExecution(ports),
    getExecution: getExecution(ports),
    getResults: getResults(ports),
    getArguments: getArguments(ports),
    getLogs: getLogs(ports),
  };
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(requestId())
    .use(failures())
    .handler((event) => answer(event, endpoints, ports));
}

/** Who calls, which route, what body; then the route's endpoint. */
async function answer(
  event: APIGatewayProxyEventV2,
  endpoints: Record<RouteName, Endpoint>,
  { tokens, clock }: ApiPorts,
): Promise<APIGatewayProxyStructuredResultV2> {
  const route = routes.find((candidate) => routeKey(candidate) === event.routeKey);
  // Whether the service is up is the only thing that anybody may know.
  const principal =
    route?.name === "getHealth"
      ? ({ kind: "api" } as const)
      : await authenticate(event.headers["authorization"], tokens, clock);
  if (route === undefined) throw noSuchRoute(event);
  const response = await endpoints[route.name]({
    parameters: event.pathParameters ?? {},
    body: parseBody(event),
    principal,
  });
  return toResult(response);
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
