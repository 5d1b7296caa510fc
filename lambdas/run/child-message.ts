import type { Duplex } from "node:stream";
import * as z from "zod/mini";
import { type BeginMessage, type OutcomeMessage, onLine } from "./protocol.ts";

const Message: z.ZodMiniType<BeginMessage | OutcomeMessage> = z.union([
  z.object({ begun: z.literal(true) }),
  z.object({
    outcome: z.discriminatedUnion("state", [
      z.object({ state: z.literal("succeed"), result: z.string() }),
      z.object({
        state: z.literal("failed"),
        errorCode: z.literal("ER0000"),
        error: z.object({ name: z.string(), message: z.string(), stack: z.string(), cause: z.optional(z.unknown()) }),
      }),
    ]),
  }),
]);

/** Calls `receive` when the function begins and when it has ended. What else user code may write there is passed over. */
export function onChildMessage(stream: Duplex, receive: (message: BeginMessage | OutcomeMessage) => void): void {
  onLine(stream, (line) => {
    const parsed = Message.safeParse(parseJson(line));
    if (parsed.success) receive(parsed.data);
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
