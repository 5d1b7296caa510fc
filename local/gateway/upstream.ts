import { Agent, request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import type { GatewayRequest, GatewayResponse } from "./messages.ts";

/** What ends at the next hop. */
const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "content-length", "expect"];

/** Passes requests on to a server of this machine. */
export class Upstream {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(port: number) {
    this.#port = port;
  }

  /** Passes a request on. Does not stop when the caller goes: what has been asked for is done, as in AWS. */
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
          // The length that HEAD tells is not that of its own body.
          const isKept = (name: string) =>
            !HOP_BY_HOP.includes(name) || (method === "HEAD" && name === "content-length");
          const kept = Object.entries(incoming.headers).filter(([name]) => isKept(name));
          const answered = Object.fromEntries(kept) as GatewayResponse["headers"];
          resolve({ status: incoming.statusCode ?? 502, headers: answered, body: Buffer.concat(pieces) });
        });
      });
      outgoing.on("error", (error: NodeJS.ErrnoException) => {
        // The server has closed a kept connection at the moment we took it: the request has not been seen.
        const wasStale = outgoing.reusedSocket && error.code === "ECONNRESET" && !isRetry;
        if (wasStale) this.#send(method, path, headers, body, true).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(body);
    });
  }
}
