import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

export interface LogLine {
  time: string;
  stream: "stdout" | "stderr";
  line: string;
}

/** A line as it is written to the worker's log: its number is its place in the stored log; a late one has none. */
export type WrittenLine = LogLine & { number?: number; late?: true };

/** Bytes of logs stored per attempt; the rest is counted. A flood must not take the runner's memory. */
const MAX_LOG_BYTES = 4 * 1024 * 1024;

/** A line without an end is cut here. */
const MAX_LINE_LENGTH = 64 * 1024;

/** The lines of one attempt as they come, bounded. */
export class AttemptLog {
  readonly #now: () => number;
  readonly #onLine: (line: WrittenLine) => void;
  #lines: string[] = [];
  #bytes = 0;
  #dropped = 0;

  constructor(now: () => number, onLine: (line: WrittenLine) => void) {
    this.#now = now;
    this.#onLine = onLine;
  }

  add(stream: LogLine["stream"], line: string): void {
    const entry = { time: new Date(this.#now()).toISOString(), stream, line };
    const text = JSON.stringify(entry);
    this.#bytes += Buffer.byteLength(text) + 1;
    if (this.#bytes > MAX_LOG_BYTES) {
      this.#dropped += 1;
      return;
    }
    this.#lines.push(text);
    this.#onLine({ ...entry, number: this.#lines.length });
  }

  /** Passes on what was written after the attempt had ended. Its log is closed: nothing is kept. */
  addLate(stream: LogLine["stream"], text: string): void {
    const time = new Date(this.#now()).toISOString();
    for (const line of text.replace(/\n$/, "").split("\n")) this.#onLine({ time, stream, line, late: true });
  }

  /** Returns everything that was kept, as NDJSON, and keeps it no longer. */
  close(): string {
    const lines = this.#lines;
    this.#lines = [];
    if (this.#dropped > 0) {
      const time = new Date(this.#now()).toISOString();
      lines.push(JSON.stringify({ time, stream: "stderr", line: `… ${this.#dropped} more lines were not kept` }));
    }
    return lines.map((line) => `${line}\n`).join("");
  }
}

/** Cuts what a stream delivers into lines. `onLine` also gets a last line that has no end. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf-8");
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const pieces = (rest + decoder.write(chunk)).split("\n");
    rest = pieces.pop() ?? "";
    for (const piece of pieces) onLine(piece.endsWith("\r") ? piece.slice(0, -1) : piece);
    while (rest.length > MAX_LINE_LENGTH) {
      onLine(rest.slice(0, MAX_LINE_LENGTH));
      rest = rest.slice(MAX_LINE_LENGTH);
    }
  });
  stream.on("close", () => {
    const last = rest + decoder.end();
    rest = "";
    if (last !== "") onLine(last);
  });
}
