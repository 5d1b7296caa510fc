import type { DueMessage } from "../core/ports.ts";

/** The body of a message in the queues. */
export function encodeDueMessage(message: DueMessage): string {
  return JSON.stringify(message);
}
