import type { Duplex } from "node:stream";
import type { Outcome } from "../core/attempt-error.ts";

/** The file descriptor, in the user's process, of the pipe to the runner: one JSON message per line, both ways. */
export const CONTROL_FD = 3;

/** To the user's process: run the function once. */
export interface RunMessage {
  /** Path of the function's bundle. */
  bundle: string;
  /** A JSON array. */
  arguments: string;
  token: string;
  endpoint: string;
  /** Written to stdout and stderr after the last line of the attempt, so that the runner knows it has them all. */
  marker: string;
}

/** From the user's process: it has got the message, and calls the function now. */
export interface BeginMessage {
  begun: true;
}

/** From the user's process: the function has ended. */
export interface OutcomeMessage {
  outcome: Outcome;
}

const NEWLINE = 0x0a;

/** Sends `message`; resolves when it is handed to the system. */
export function send(stream: Duplex, message: RunMessage | BeginMessage | OutcomeMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

/** Calls `receive` with every message of the runner. */
export function onRunMessage(stream: Duplex, receive: (message: RunMessage) => void): void {
  onLine(stream, (line) => receive(JSON.parse(line) as RunMessage));
}

/** Calls `receive` with every line. They end at a newline alone: `node:readline` also cuts at U+2028, which JSON may hold. */
export function onLine(stream: Duplex, receive: (line: string) => void): void {
  let pieces: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      const line = Buffer.concat([...pieces, rest.subarray(0, end)]).toString("utf-8");
      pieces = [];
      rest = rest.subarray(end + 1);
      receive(line);
    }
    pieces.push(rest);
  });
}
