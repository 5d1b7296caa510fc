import type { DueMessage } from "../core/ports.ts";

/** The body of a message in the queues. */
export function encodeDueMessage({ executionId, revision, functionName, scheduledAtMs }: DueMessage): string {
  return JSON.stringify({ executionId, revision, functionName, scheduledAtMs });
}
