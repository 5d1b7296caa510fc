import type { Service } from "../gateway/messages.ts";

/** A server (or an object in memory) that a service of the gateway is made of. */
export interface Backend {
  services: Record<string, Service>;
  stop(): Promise<void>;
}
