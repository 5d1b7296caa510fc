import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { arn } from "../account.ts";
import { drain } from "../drain.ts";
import type { GatewayRequest } from "../gateway/messages.ts";
import { listen } from "../listen.ts";
import { refusalOf } from "../web-guard.ts";
import { gatewayAnswer, type HttpAnswer, httpAnswer } from "./http-answer.ts";
import { httpEvent } from "./http-event.ts";
import type { IamAuthorizer } from "./http-iam.ts";
import { findRoute, type Route } from "./http-routes.ts";
import type { Lambda } from "./lambda.ts";

/** Limit of a request's body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** API Gateway times out after 30 s. */
const INTEGRATION_TIMEOUT_MS = 30_000;

export interface HttpApiOptions {
  lambda: Lambda;
  /** Whether API Gateway may call a function, for a route that `sourceArn` names. */
  mayInvoke: (functionName: string, sourceArn: string) => boolean;
  /** Authorizes a request to a route of the type `AWS_IAM`, which `resource` names. */
  authorize: (request: GatewayRequest, resource: string) => IamAuthorizer | undefined;
  timeoutMs?: number;
  /** Gets a line for each request that was refused, with the reason. */
  onRefusal?: (line: string) => void;
}

/** The HTTP API: a server that routes requests to Lambda functions. Requests wait until `serve` is called. */
export class HttpApi {
  readonly #server: Server;
  readonly #lambda: Lambda;
  readonly #mayInvoke: HttpApiOptions["mayInvoke"];
  readonly #authorize: HttpApiOptions["authorize"];
  readonly #timeoutMs: number;
  readonly #onRefusal: (line: string) => void;
  /** By route id; the target is an integration's id. */
  readonly #routes = new Map<string, Route<string>>();
  /** Function names by integration id. */
  readonly #integrations = new Map<string, string>();
  readonly #serving = Promise.withResolvers<void>();
  readonly endpoint: string;
  apiId = "local";
  stage = "$default";

  private constructor(server: Server, port: number, options: Required<HttpApiOptions>) {
    const { lambda, mayInvoke, authorize, timeoutMs, onRefusal } = options;
    this.#server = server;
    this.#lambda = lambda;
    this.#mayInvoke = mayInvoke;
    this.#authorize = authorize;
    this.#timeoutMs = timeoutMs;
    this.#onRefusal = onRefusal;
    this.endpoint = `http://127.0.0.1:${port}`;
  }

  /** Listens on a port of 127.0.0.1. @throws Error with code EADDRINUSE naming the port */
  static async open(
    port: number,
    { timeoutMs = INTEGRATION_TIMEOUT_MS, onRefusal = () => {}, ...options }: HttpApiOptions,
  ): Promise<HttpApi> {
    const server = createServer();
    // Node's default of 5 s may close a connection just as a client reuses it.
    server.keepAliveTimeout = 75_000;
    const api = new HttpApi(server, await listen(server, port), { timeoutMs, onRefusal, ...options });
    server.on("request", (incoming, outgoing) => void api.#serve(incoming, outgoing));
    return api;
  }

  /** Answers by its routes from now on. Before they are all there, a client of an earlier run would be answered 404. */
  serve(): void {
    this.#serving.resolve();
  }

  putRoute(id: string, route: Route<string>): void {
    this.#routes.set(id, route);
  }

  removeRoute(id: string): void {
    this.#routes.delete(id);
  }

  putIntegration(id: string, functionName: string): void {
    this.#integrations.set(id, functionName);
  }

  removeIntegration(id: string): void {
    this.#integrations.delete(id);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    outgoing.on("error", () => {});
    const refuse = (status: number, message: string) => {
      const answer = gatewayAnswer(status, message);
      this.#onRefusal(refusalLine(incoming, answer));
      send(outgoing, answer, incoming.method);
      drain(incoming);
    };
    try {
      const refusal = refusalOf(incoming);
      if (refusal !== undefined) return refuse(refusal.status, refusal.message);
      const body = await readBody(incoming);
      if (body === "too_large") return refuse(413, "Request Entity Too Large");
      await this.#serving.promise;
      const answer = await this.#answer(incoming, body);
      if (answer.status >= 400) this.#onRefusal(refusalLine(incoming, answer));
      send(outgoing, answer, incoming.method);
    } catch {
      // The client has gone in the middle of its request, or the answer has a header that HTTP does not allow.
      if (outgoing.headersSent || incoming.destroyed) outgoing.destroy();
      else send(outgoing, gatewayAnswer(500, "Internal Server Error"), incoming.method);
    }
  }

  async #answer(incoming: IncomingMessage, body: Buffer): Promise<HttpAnswer> {
    const { method = "GET", url = "/" } = incoming;
    const [rawPath = "", rawQueryString = ""] = splitOnce(url.replace(/^https?:\/\/[^/]+/, ""), "?");
    const path = decode(rawPath);
    if (path === undefined) return gatewayAnswer(400, "Bad Request");
    const match = findRoute(this.#routes.values(), method, path);
    const functionName = match && this.#integrations.get(match.route.target);
    if (match === undefined || functionName === undefined) return gatewayAnswer(404, "Not Found");
    const authorizer = match.route.isIam ? this.#authorizeByIam(incoming, body, path) : undefined;
    if (match.route.isIam && authorizer === undefined) return gatewayAnswer(403, "Forbidden");
    // AWS's answer where the function's policy does not allow API Gateway.
    if (!this.#mayInvoke(functionName, this.#sourceArn(match.route.routeKey, method))) {
      return gatewayAnswer(500, "Internal Server Error");
    }
    const event = httpEvent({
      incoming,
      body,
      path,
      rawQueryString,
      routeKey: match.route.routeKey,
      pathParameters: match.pathParameters,
      apiId: this.apiId,
      stage: this.stage,
      authorizer,
    });
    return this.#integrate(functionName, JSON.stringify(event));
  }

  // A policy names the path of the request, not the route's.
  #authorizeByIam(incoming: IncomingMessage, body: Buffer, path: string): IamAuthorizer | undefined {
    const { method = "GET", url = "/", headers } = incoming;
    const request = { method, url, headers, body, signal: new AbortController().signal };
    return this.#authorize(request, arn("execute-api", `${this.apiId}/${this.stage}/${method}${path}`));
  }

  /** Returns the ARN of a route. The default route has neither method nor path. */
  #sourceArn(routeKey: string, method: string): string {
    const path = routeKey.split(" ")[1];
    const route = path === undefined ? routeKey : `${method}${path}`;
    return arn("execute-api", `${this.apiId}/${this.stage}/${route}`);
  }

  async #integrate(functionName: string, event: string): Promise<HttpAnswer> {
    const done = new AbortController();
    const late = sleep(this.#timeoutMs, "late" as const, { signal: done.signal }).catch(() => "late" as const);
    // The function continues after a timeout of API Gateway.
    const outcome = await Promise.race([this.#lambda.invoke(functionName, event), late]);
    done.abort();
    if (outcome === "late") return gatewayAnswer(503, "Service Unavailable");
    if (outcome === "too_large") return gatewayAnswer(413, "Request Entity Too Large");
    if ("error" in outcome) return gatewayAnswer(500, "Internal Server Error");
    return httpAnswer(outcome.payload);
  }
}

/** The reason in an answer is its `message`. A query may hold anybody's data: it is left out. */
function refusalLine({ method, url = "" }: IncomingMessage, { status, body }: HttpAnswer): string {
  return `${method} ${url.split("?")[0]} refused: ${status} ${reasonIn(body.toString()).slice(0, 500)}`;
}

function reasonIn(body: string): string {
  try {
    return String((JSON.parse(body) as { message?: unknown }).message);
  } catch {
    return body;
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | "too_large"> {
  if (Number(incoming.headers["content-length"]) > MAX_BODY_BYTES) return "too_large";
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    incoming.on("data", (piece: Buffer) => {
      length += piece.length;
      if (length > MAX_BODY_BYTES) resolve("too_large");
      else pieces.push(piece);
    });
    incoming.on("end", () => resolve(Buffer.concat(pieces)));
    incoming.on("error", reject);
    incoming.on("close", () => reject(new Error("the client has gone")));
  });
}

function send(outgoing: ServerResponse, { status, headers, body }: HttpAnswer, method: string | undefined): void {
  if (outgoing.destroyed) return;
  const hasBody = status !== 204 && status !== 304 && status >= 200;
  outgoing.writeHead(status, hasBody ? { ...headers, "content-length": body.length } : headers);
  outgoing.end(hasBody && method !== "HEAD" ? body : undefined);
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
