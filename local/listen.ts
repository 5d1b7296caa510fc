import type { AddressInfo, Server } from "node:net";

/**
 * Makes a server listen on a port of 127.0.0.1 (0 picks a free one). Returns the port.
 * @throws Error with code EADDRINUSE naming the port
 */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EADDRINUSE") throw cause;
    throw Object.assign(new Error(`port ${port} is taken`, { cause }), { code: "EADDRINUSE" });
  });
  return (server.address() as AddressInfo).port;
}
