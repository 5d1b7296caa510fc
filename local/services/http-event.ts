import { isUtf8 } from "node:buffer";
import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ACCOUNT } from "../account.ts";
import type { IamAuthorizer } from "./http-iam.ts";

export interface HttpEventParts {
  incoming: IncomingMessage;
  body: Buffer;
  path: string;
  rawQueryString: string;
  routeKey: string;
  pathParameters: Record<string, string>;
  apiId: string;
  stage: string;
  /** The principal of a signed request. */
  authorizer?: IamAuthorizer | undefined;
}

/** Builds the event of an HTTP request, by payload format 2.0. */
export function httpEvent(parts: HttpEventParts): Record<string, unknown> {
  const { incoming, body, path, rawQueryString, routeKey, pathParameters } = parts;
  const { cookie, ...headers } = headersOf(incoming, body);
  const isBase64Encoded = body.length > 0 && !isText(headers["content-type"], body);
  const query = queryParameters(rawQueryString);
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookie !== undefined && { cookies: cookie.split(/; */) }),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext: requestContext(parts, headers),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? "base64" : "utf-8") }),
    isBase64Encoded,
  };
}

function requestContext(
  { incoming, path, routeKey, apiId, stage, authorizer }: HttpEventParts,
  headers: Record<string, string>,
): Record<string, unknown> {
  const now = new Date();
  const domainName = (headers["host"] ?? "").replace(/:\d+$/, "");
  return {
    accountId: ACCOUNT,
    apiId,
    ...(authorizer && { authorizer }),
    domainName,
    domainPrefix: domainName.split(".", 1)[0],
    http: {
      method: incoming.method,
      path,
      protocol: `HTTP/${incoming.httpVersion}`,
      sourceIp: sourceIp(incoming),
      userAgent: headers["user-agent"] ?? "",
    },
    requestId: randomUUID(),
    routeKey,
    stage,
    time: commonLogTime(now),
    timeEpoch: now.getTime(),
  };
}

/** Returns headers with lower-case names, joined values, and those that API Gateway adds. */
function headersOf(incoming: IncomingMessage, body: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) {
    headers[name] = values.join(name === "cookie" ? "; " : ",");
  }
  for (const name of ["connection", "keep-alive", "transfer-encoding", "expect", "upgrade"]) delete headers[name];
  return {
    ...headers,
    "content-length": String(body.length),
    "x-amzn-trace-id": `Root=1-${Math.floor(Date.now() / 1_000).toString(16)}-${randomBytes(12).toString("hex")}`,
    "x-forwarded-for": [headers["x-forwarded-for"], sourceIp(incoming)].filter(Boolean).join(", "),
    "x-forwarded-port": String(incoming.socket.localPort),
    "x-forwarded-proto": "http",
  };
}

function sourceIp(incoming: IncomingMessage): string {
  return incoming.socket.remoteAddress ?? "127.0.0.1";
}

function isText(contentType: string | undefined, body: Buffer): boolean {
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const isTextType =
    type === "" ||
    type.startsWith("text/") ||
    /^application\/(json|javascript|xml|x-www-form-urlencoded|.*\+(json|xml))$/.test(type);
  return isTextType && isUtf8(body);
}

function queryParameters(rawQueryString: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// 12/Mar/2020:19:03:58 +0000
function commonLogTime(now: Date): string {
  const [date = "", time = ""] = now.toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
