import { createInterface } from "node:readline";
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

/** From the user's process: the function has ended. */
export interface EndMessage {
  outcome: Outcome;
}

/** Sends `message`; resolves when it is handed to the system. */
export function send(stream: Duplex, message: RunMessage | EndMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

/** Calls `receive` with every message that arrives. */
export function onMessage<Message>(stream: Duplex, receive: (message: Message) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
    receive(JSON.parse(line) as Message);
  });
}
