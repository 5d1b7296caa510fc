import type { Duplex } from "node:stream";
import * as z from "zod";
import { type EndMessage, onLine } from "./protocol.ts";

const End: z.ZodType<EndMessage> = z.object({
  outcome: z.discriminatedUnion("state", [
    z.object({ state: z.literal("succeed"), result: z.string() }),
    z.object({
      state: z.literal("failed"),
      errorCode: z.literal("ER0000"),
      error: z.object({ name: z.string(), message: z.string(), stack: z.string(), cause: z.unknown().optional() }),
    }),
  ]),
});

/** Calls `receive` when the function has ended. What else user code may write to the pipe is passed over. */
export function onEndMessage(stream: Duplex, receive: (message: EndMessage) => void): void {
  onLine(stream, (line) => {
    const parsed = End.safeParse(parseJson(line));
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
