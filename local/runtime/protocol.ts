import type { Duplex } from "node:stream";

// Messages between the runtime and an execution environment: JSON lines on one socket.

/** The socket's file descriptor in the environment's process. */
export const CHANNEL_FD = 3;

/** Error of a Lambda function, in Lambda's format. */
export interface LambdaError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export interface InvokeMessage {
  requestId: string;
  /** JSON. */
  payload: string;
  /** Deadline by the moved clock. */
  deadlineMs: number;
  /** How far the clock of the cloud has been moved forward. */
  aheadMs: number;
}

export type EnvironmentMessage =
  | { type: "ready" }
  | { type: "init-error"; error: LambdaError }
  /** `payload` is JSON. */
  | { type: "result"; requestId: string; payload: string }
  | { type: "error"; requestId: string; error: LambdaError };

/** Calls `onMessage` for every complete line. */
export function readMessages<Message>(channel: Duplex, onMessage: (message: Message) => void): void {
  let pieces: string[] = [];
  channel.setEncoding("utf-8");
  channel.on("data", (text: string) => {
    const lines = text.split("\n");
    // A message of some MB arrives in many pieces; joins them once.
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
