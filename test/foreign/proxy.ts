import { once } from "node:events";
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";

/**
 * Starts an HTTP proxy that sends everything to the gateway, whatever the host: not every DNS knows names like
 * `<api>.execute-api.localhost`. It ends with the process.
 * @returns its port
 */
export async function startProxy(gateway: number): Promise<number> {
  const server = createServer((received, answer) => {
    const { pathname, search } = new URL(received.url ?? "/", "http://any");
    const { method, headers } = received;
    const sent = request({ host: "127.0.0.1", port: gateway, method, path: pathname + search, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
      response.pipe(answer);
    });
    sent.on("error", () => received.destroy());
    received.pipe(sent);
  });
  server.on("connect", (_, client, head) => {
    const upstream = connect(gateway, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return (server.address() as AddressInfo).port;
}
