import { Agent, request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import type { GatewayRequest, GatewayResponse } from "./messages.ts";

/** Hop-by-hop headers. */
const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "content-length", "expect"];

/** Forwards requests to a server of this machine. */
export class Upstream {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(port: number) {
    this.#port = port;
  }

  /** Forwards a request. Completes it even if the caller disconnects, as AWS does. */
  pass({ method, url, headers, body }: GatewayRequest): Promise<GatewayResponse> {
    const own: OutgoingHttpHeaders = { ...headers, host: `127.0.0.1:${this.#port}` };
    for (const name of HOP_BY_HOP) delete own[name];
    own["content-length"] = body.length;
    return this.#send(method, url, own, body);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    body: Buffer,
    isRetry = false,
  ): Promise<GatewayResponse> {
    return new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port: this.#port, agent: this.#agent, method, path, headers };
      const outgoing = httpRequest(options, (incoming) => {
        const pieces: Buffer[] = [];
        incoming.on("data", (piece: Buffer) => pieces.push(piece));
        incoming.on("error", reject);
        incoming.on("end", () => {
          // HEAD states the length of the body it does not send.
          const isKept = (name: string) =>
            !HOP_BY_HOP.includes(name) || (method === "HEAD" && name === "content-length");
          const kept = Object.entries(incoming.headers).filter(([name]) => isKept(name));
          const answered = Object.fromEntries(kept) as GatewayResponse["headers"];
          resolve({ status: incoming.statusCode ?? 502, headers: answered, body: Buffer.concat(pieces) });
        });
      });
      outgoing.on("error", (error: NodeJS.ErrnoException) => {
        // The server closed an idle connection just as it was reused: it has not received the request.
        const wasStale = outgoing.reusedSocket && error.code === "ECONNRESET" && !isRetry;
        if (wasStale) this.#send(method, path, headers, body, true).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(body);
    });
  }
}
