import type { IncomingMessage } from "node:http";

/** How long a client may keep sending a body that is not read. */
const MAX_DRAIN_MS = 5_000;

/**
 * Discards the rest of an answered request. Closing the connection while the client still sends may lose the answer.
 */
export function drain(incoming: IncomingMessage): void {
  incoming.resume();
  const timer = setTimeout(() => incoming.socket.destroy(), MAX_DRAIN_MS);
  timer.unref();
  incoming.once("close", () => clearTimeout(timer));
}
