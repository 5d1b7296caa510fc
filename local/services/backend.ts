import type { Service } from "../door/messages.ts";

/** A server (or an object in memory) that a service of the door is made of. */
export interface Backend {
  services: Record<string, Service>;
  stop(): Promise<void>;
}
