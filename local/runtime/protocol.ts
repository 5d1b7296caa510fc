import type { Duplex } from "node:stream";

// What the runtime and the process of an execution environment say to each other: JSON lines on one socket.

/** The socket's file descriptor in the environment's process. */
export const CHANNEL_FD = 3;

/** A Lambda's way to say that it failed. */
export interface LambdaError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export interface InvokeMessage {
  requestId: string;
  /** JSON. */
  payload: string;
  /** By the moved clock. */
  deadlineMs: number;
  /** How far the clock of the cloud has been put forward. */
  aheadMs: number;
}

export type EnvironmentMessage =
  | { type: "ready" }
  | { type: "init-error"; error: LambdaError }
  /** `payload` is JSON. */
  | { type: "result"; requestId: string; payload: string }
  | { type: "error"; requestId: string; error: LambdaError };

/** Calls `onMessage` for every whole line. */
export function readMessages<Message>(channel: Duplex, onMessage: (message: Message) => void): void {
  let pieces: string[] = [];
  channel.setEncoding("utf-8");
  channel.on("data", (text: string) => {
    const lines = text.split("\n");
    // A message of some MB comes in many pieces: they are joined once.
    for (const [index, line] of lines.entries()) {
      pieces.push(line);
      if (index === lines.length - 1) break;
      const message = JSON.parse(pieces.join("")) as Message;
      pieces = [];
      onMessage(message);
    }
  });
}

/** Writes one message. */
export function writeMessage(channel: Duplex, message: unknown): void {
  channel.write(`${JSON.stringify(message)}\n`);
}
