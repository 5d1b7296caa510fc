import type { Service } from "../gateway/messages.ts";

/** An emulator with the services that it implements. */
export interface Backend {
  services: Record<string, Service>;
  stop(): Promise<void>;
}
