import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];

/** The terminal that verbs write to, and whose user they ask. */
export interface Terminal {
  /** Columns of a line; without a limit where it is no terminal. */
  columns: number;
  /** Whether a person can answer. */
  isInteractive: boolean;
  print(text: string): void;
  /** Writes to the error output, which `--json` leaves to people. */
  warn(text: string): void;
  /** Draws over the last line of the error output; nothing where that is no terminal. */
  redraw(line: string): void;
  /** Returns `text` in a style, plain where colours are not wanted. */
  style(style: Style, text: string): string;
  /** Reads an answer; an empty one if there is none. */
  ask(question: string, signal: AbortSignal): Promise<string>;
}

/** Returns the terminal of this process. `NO_COLOR` and `FORCE_COLOR` are respected. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    columns: stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY,
    isInteractive: stdin.isTTY && stderr.isTTY,
    print: (text) => void stdout.write(`${text}\n`),
    warn: (text) => void stderr.write(`${text}\n`),
    redraw: (line) => {
      if (stderr.isTTY) stderr.write(`\r\u001b[K${line}`);
    },
    style: (style, text) => styleText(style, text, { stream: stdout }),
    async ask(question, signal) {
      // Without `terminal` Ctrl-C stays a signal.
      const lines = createInterface({ input: stdin, output: stderr, terminal: false });
      try {
        const closed = new Promise<string>((none) => lines.once("close", () => none("")));
        return await Promise.race([lines.question(question, { signal }), closed]);
      } finally {
        lines.close();
      }
    },
  };
}
