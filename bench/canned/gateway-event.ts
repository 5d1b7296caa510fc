import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { type RouteName, routeKey, routes } from "../../lambdas/api/routes.ts";

/** The value of every secret in a bench. */
export const TOKEN = "token";

/** A request as the HTTP API hands it to its Lambda (payload format 2.0). */
export function gatewayEvent(name: RouteName, parameters: Record<string, string>, body?: unknown) {
  const route = routes.find((candidate) => candidate.name === name);
  if (route === undefined) throw new Error(`there is no route ${name}`);
  const rawPath = route.path.replaceAll(/\{(\w+)\}/g, (_, key: string) => parameters[key] ?? "");
  return {
    version: "2.0",
    routeKey: routeKey(route),
    rawPath,
    rawQueryString: "",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    pathParameters: parameters,
    requestContext: {
      accountId: "000000000000",
      apiId: "api",
      domainName: "api.test",
      domainPrefix: "api",
      http: { method: route.method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "bench" },
      requestId: "request",
      routeKey: routeKey(route),
      stage: "$default",
      time: "",
      timeEpoch: 0,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  } satisfies APIGatewayProxyEventV2;
}
