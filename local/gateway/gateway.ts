import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { drain } from "../drain.ts";
import { listen } from "../listen.ts";
import { refusalOf } from "../web-guard.ts";
import type { AccessKeys, Caller } from "./access-keys.ts";
import { callOf } from "./call.ts";
import { AwsFailure, ConnectionLost, failureResponse } from "./failures.ts";
import { parseJson } from "./json-body.ts";
import type { Call, GatewayRequest, GatewayResponse, Interceptor, Service } from "./messages.ts";
import { serviceOf, verifySignature } from "./signature.ts";

export interface GatewayOptions {
  accessKeys: AccessKeys;
  services: Readonly<Record<string, Service>>;
  /** How far the clock of the cloud has been moved forward. */
  aheadMs: () => number;
  /** The first one sees a call first. */
  interceptors?: readonly Interceptor[];
}

/** The HTTP server for all AWS services. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #server: Server;
  readonly endpoint: string;

  private constructor(options: GatewayOptions, server: Server, port: number) {
    this.#options = options;
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${port}`;
  }

  /** Listens on a free port of 127.0.0.1. */
  static async open(options: GatewayOptions): Promise<Gateway> {
    const server = createServer();
    // Longer than an idle environment lives: connections must survive while a Lambda is frozen.
    server.keepAliveTimeout = 180_000;
    // A frozen process may stop in the middle of a request.
    server.requestTimeout = 0;
    server.headersTimeout = 0;
    const gateway = new Gateway(options, server, await listen(server, 0));
    server.on("request", (incoming, outgoing) => void gateway.#serve(incoming, outgoing));
    return gateway;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /**
   * Calls an action of a JSON protocol in this process, as a service of AWS that acts in a role. Needs no signature,
   * but the role's permissions.
   * @param target the value of `x-amz-target`: `AmazonSQS.ReceiveMessage`
   * @throws Error with code and message of a refusal
   */
  async callAs(
    caller: Caller,
    service: string,
    target: string,
    parameters: unknown,
    signal: AbortSignal = new AbortController().signal,
  ) {
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": target };
    const request = { method: "POST", url: "/", headers, body: Buffer.from(JSON.stringify(parameters)), signal };
    const { status, body } = await this.#pass(callOf(service, request, caller), request);
    const answer = parseJson(body) as { __type?: string; message?: string };
    if (status >= 400) throw new Error(`${answer.__type}: ${answer.message}`);
    return answer as unknown;
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const gone = new AbortController();
    outgoing.on("close", () => {
      if (!outgoing.writableFinished) gone.abort();
    });
    outgoing.on("error", () => {});
    try {
      const { method = "", url = "", headers } = incoming;
      const refusal = refusalOf(incoming);
      if (refusal !== undefined) {
        send(outgoing, failureResponse("", new AwsFailure(refusal.status, "AccessDenied", refusal.message)), method);
        drain(incoming);
        return;
      }
      const body = await readBody(incoming);
      const response = await this.#answer({ method, url, headers, body, signal: gone.signal });
      if (!outgoing.destroyed) send(outgoing, response, method);
    } catch {
      // The caller has gone in the middle of its request, or a fault drops the connection.
      outgoing.destroy();
    }
  }

  async #answer(request: GatewayRequest): Promise<GatewayResponse> {
    const service = serviceOf(request) ?? (request.url === "/" ? "" : "s3");
    try {
      const { caller } = verifySignature(request, this.#options.accessKeys, Date.now(), this.#options.aheadMs());
      return await this.#pass(callOf(service, request, caller), request);
    } catch (error) {
      if (error instanceof ConnectionLost) throw error;
      if (error instanceof AwsFailure) return failureResponse(service, error);
      const message = `the local ${service} failed: ${error instanceof Error ? error.message : String(error)}`;
      return failureResponse(service, new AwsFailure(500, "InternalFailure", message));
    }
  }

  #pass(call: Call, request: GatewayRequest): Promise<GatewayResponse> {
    const { services, interceptors = [] } = this.#options;
    const toService = async (last: GatewayRequest) => {
      const service = services[call.service];
      if (service !== undefined) return service(call, last);
      throw new AwsFailure(400, "UnknownOperationException", `The local cloud has no service "${call.service}".`);
    };
    const chain = interceptors.reduceRight<(request: GatewayRequest) => Promise<GatewayResponse>>(
      (next, interceptor) => (it) => interceptor(call, it, (changed = it) => next(changed)),
      toService,
    );
    return chain(request);
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function send(outgoing: ServerResponse, { status, headers, body }: GatewayResponse, method: string): void {
  const own = method === "HEAD" ? headers : { ...headers, "content-length": String(Buffer.byteLength(body)) };
  outgoing.writeHead(status, own);
  outgoing.end(body);
}
