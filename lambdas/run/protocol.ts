import type { Duplex } from "node:stream";
import type { ErrorResult, Outcome } from "../core/attempt-error.ts";
import type { LogLine } from "./logs.ts";

/** The file descriptor, in the user's process, of the pipe to the runner: one JSON message per line, both ways. */
export const CONTROL_FD = 3;

/** To the user's process: run the function once. */
export interface RunMessage {
  /** Names the attempt: 36 characters nobody can guess. Every answer about the attempt begins with it. */
  nonce: string;
  /** Path of the function's bundle. */
  bundle: string;
  /** A JSON array. */
  arguments: string;
  token: string;
  endpoint: string;
}

/** From the user's process, about one attempt, in this order; `late` may follow long after the end. */
export type AttemptMessage =
  /** The module is loaded next, unless it is loaded already. */
  | { type: "accepted" }
  /** An earlier attempt has left the process unfit. Nothing was done: another process is to run the attempt. */
  | { type: "declined"; reason: string }
  /** The function is called next. */
  | { type: "begun" }
  /** Nobody caught this: the process exits because of it. */
  | { type: "uncaught"; error: ErrorResult }
  | { type: "ended"; outcome: Outcome }
  /** Output of code of the attempt that ran on after its end. */
  | { type: "late"; stream: LogLine["stream"]; text: string };

export const NONCE_LENGTH = 36;

const NEWLINE = 0x0a;

/** Sends `message` to the user's process; resolves when it is handed to the system. */
export function sendRun(stream: Duplex, message: RunMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * Calls `receive` with every line that `isWanted` by its first `NONCE_LENGTH` bytes; the others are skipped without
 * being kept, however long they are. Lines end at a newline alone: `node:readline` also cuts at U+2028, which JSON may
 * hold.
 */
export function onLine(stream: Duplex, receive: (line: string) => void, isWanted: (head: string) => boolean): void {
  let pieces: Buffer[] = [];
  let isHeadKnown = false;
  let isSkipping = false;
  const keep = (piece: Buffer) => {
    if (isSkipping) return;
    pieces.push(piece);
    if (isHeadKnown) return;
    const head = Buffer.concat(pieces);
    if (head.length < NONCE_LENGTH) return;
    isHeadKnown = true;
    isSkipping = !isWanted(head.toString("latin1", 0, NONCE_LENGTH));
    pieces = isSkipping ? [] : [head];
  };
  stream.on("data", (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      keep(rest.subarray(0, end));
      if (isHeadKnown && !isSkipping) receive(Buffer.concat(pieces).toString("utf-8"));
      pieces = [];
      isHeadKnown = false;
      isSkipping = false;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) keep(rest);
  });
}
