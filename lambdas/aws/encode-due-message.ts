import type { DueMessage } from "../core/ports.ts";

/** The body of a message in the queues. */
export function encodeDueMessage(message: DueMessage): string {
  const { executionId, revision, functionName, scheduledAtMs, group, wasPutAside } = message;
  return JSON.stringify({ executionId, revision, functionName, scheduledAtMs, group, wasPutAside });
}
