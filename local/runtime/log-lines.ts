import type { Readable } from "node:stream";

/** Calls `onLine` for every line, and for an unfinished one when the stream closes. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf-8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  });
  stream.on("close", () => {
    if (rest !== "") onLine(rest);
    rest = "";
  });
  stream.on("error", () => {});
}
