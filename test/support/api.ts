import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { checkAnswer } from "../../harness/openapi.ts";
import { api } from "../../lambdas/api/api.ts";
import { isOnGateway, type Route, routeKey, routes, SIGNED_PATH } from "../../lambdas/api/routes.ts";
import type { Log } from "../../lambdas/log/log.ts";

export interface Call {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  isBase64Encoded?: boolean;
  /** ARN of the principal who has signed it: the gateway has checked that. */
  signedBy?: string;
}

const authorized = { authorization: "Bearer current", "content-type": "application/json" };

/** The API over ports in memory, called with events as the gateway makes them. */
export function memoryApi(ports: ReturnType<typeof memoryPorts> & { log?: Log } = memoryPorts()) {
  const handler = api({ log: () => {}, ...ports });
  return {
    ports,
    async call({ headers = authorized, ...call }: Call) {
      const result = await handler(gatewayEvent({ headers, ...call }), {} as Context);
      const { statusCode: status = 200, headers: answered, body = "", isBase64Encoded = false } = result;
      const text = isBase64Encoded ? Buffer.from(body, "base64").toString("utf-8") : body;
      const contentType = answered?.["content-type"] as string | undefined;
      checkAnswer(call.method, call.path.split("?")[0]?.replace(/^\/iam\//, "/") ?? "", {
        status,
        contentType,
        body: text,
      });
      return { ...result, json: () => JSON.parse(text) as Record<string, unknown> };
    },
  };
}

function gatewayEvent({
  method,
  path: url,
  headers,
  body,
  isBase64Encoded = false,
  signedBy,
}: Call): APIGatewayProxyEventV2 {
  const [path = "", rawQueryString = ""] = url.split(/\?(.*)/s);
  const isSigned = path.startsWith("/iam/") && signedBy !== undefined;
  const found = routes
    .filter(isOnGateway)
    .map((route) => ({ route, match: matcher(route).exec(path) }))
    .find(({ route, match }) => match && route.method === method);
  return {
    version: "2.0",
    routeKey: isSigned ? SIGNED_ROUTE : found ? routeKey(found.route) : "$default",
    rawPath: path,
    rawQueryString,
    headers: headers ?? {},
    ...(found?.match?.groups && { pathParameters: { ...found.match.groups } }),
    requestContext: {
      accountId: "000000000000",
      apiId: "api",
      domainName: "api.test",
      domainPrefix: "api",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      requestId: "request-1",
      routeKey: isSigned ? SIGNED_ROUTE : "$default",
      ...(isSigned && { authorizer: { iam: { userArn: signedBy } } }),
      stage: "$default",
      time: "",
      timeEpoch: 0,
    },
    ...(body !== undefined && { body }),
    isBase64Encoded,
  };
}

const SIGNED_ROUTE = `ANY ${SIGNED_PATH}`;

function matcher(route: Route): RegExp {
  return new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}
