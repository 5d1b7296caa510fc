import { gunzipSync } from "node:zlib";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { DomainError } from "../core/errors.ts";
import type { ApiResponse } from "./endpoint.ts";

/** Name of the console's files in the log, in place of a route. */
export const CONSOLE_ROUTE = "GET /console";

/** Returns a file of the console's build, compressed with gzip; `undefined` if there is none of that name. */
export type ReadConsoleFile = (name: string) => Uint8Array | undefined;

/** Everything comes from here, and no code is in the page itself: what is shown is hostile input. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

const PAGE = "index.html";

/** Files whose names change with their contents. */
const ASSETS = "assets/";

/** Whether a request is for the console's files, or for the root, which leads there. */
export function isForConsole({ rawPath, requestContext }: APIGatewayProxyEventV2): boolean {
  const { method } = requestContext.http;
  return (method === "GET" || method === "HEAD") && (rawPath === "/" || /^\/console(\/|$)/.test(rawPath));
}

/**
 * Answers a request for the console. Its views have paths of their own, which all are the one page.
 * @throws DomainError `not_found` for an unknown asset, and for everything where the console was left out
 */
export function consoleFile({ rawPath, headers }: APIGatewayProxyEventV2, read: ReadConsoleFile): ApiResponse {
  const isRoot = rawPath === "/" || rawPath === "/console";
  const path = rawPath.slice("/console/".length);
  const name = /^(assets\/)?[\w-]+\.(svg|js|css)$/.test(path) ? path : PAGE;
  const file = path.startsWith(ASSETS) && name === PAGE ? undefined : read(name);
  if (file === undefined) throw new DomainError("not_found", "there is nothing at this path");
  if (isRoot) return { status: 302, headers: { location: "/console/", "cache-control": "no-cache" } };
  const isCompressed = /\bgzip\b/.test(headers["accept-encoding"] ?? "");
  return {
    status: 200,
    headers: {
      "content-type": TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream",
      "cache-control": name.startsWith(ASSETS) ? "public, max-age=31536000, immutable" : "no-cache",
      "content-security-policy": CONTENT_SECURITY_POLICY,
      "cross-origin-opener-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      vary: "accept-encoding",
      ...(isCompressed && { "content-encoding": "gzip" }),
    },
    body: Buffer.from(isCompressed ? file : gunzipSync(file)).toString("base64"),
    isBase64: true,
  };
}
