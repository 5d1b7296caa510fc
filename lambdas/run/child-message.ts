import type { Duplex } from "node:stream";
import * as z from "zod/mini";
import { MAX_RETRY_SECONDS } from "../core/limits.ts";
import { type AttemptMessage, NONCE_LENGTH, onLine } from "./protocol.ts";

const ErrorShape: z.ZodMiniType<{ name: string; message: string; stack: string }> = z.looseObject({
  name: z.string(),
  message: z.string(),
  stack: z.string(),
});

const RetryShape = z.union([
  z.literal("never"),
  z.object({ afterMs: z.number().check(z.gte(0), z.lte(MAX_RETRY_SECONDS * 1000)) }),
]);

const Message: z.ZodMiniType<AttemptMessage> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("accepted") }),
  z.object({ type: z.literal("declined"), reason: z.string() }),
  z.object({ type: z.literal("begun") }),
  z.object({ type: z.literal("uncaught"), error: ErrorShape }),
  z.object({
    type: z.literal("ended"),
    outcome: z.discriminatedUnion("state", [
      z.object({ state: z.literal("succeed"), result: z.string().check(z.refine(isJson)) }),
      z.object({
        state: z.literal("failed"),
        errorCode: z.literal("ER0000"),
        error: ErrorShape,
        retry: z.optional(RetryShape),
      }),
    ]),
  }),
  z.object({ type: z.literal("late"), stream: z.enum(["stdout", "stderr"]), text: z.string() }),
]);

/**
 * Calls `receive` with every message about an attempt whose nonce `isKnown`. Anything else is what user code wrote to
 * the pipe, and is ignored.
 */
export function onChildMessage(
  stream: Duplex,
  isKnown: (nonce: string) => boolean,
  receive: (nonce: string, message: AttemptMessage) => void,
): void {
  onLine(
    stream,
    (line) => {
      const parsed = Message.safeParse(parseJson(line.slice(NONCE_LENGTH)));
      if (parsed.success) receive(line.slice(0, NONCE_LENGTH), parsed.data);
    },
    isKnown,
  );
}

// A result is stored and answered as it is.
function isJson(text: string): boolean {
  return parseJson(text) !== undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
