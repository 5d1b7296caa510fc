import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { AttemptLog, readLines } from "../../lambdas/run/logs.ts";

async function linesOf(chunks: (string | Buffer)[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  readLines(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await new Promise((resolve) => stream.once("close", resolve));
  return lines;
}

describe("the lines of a stream", () => {
  it.each([
    ["whole lines", ["a\nb\n"], ["a", "b"]],
    ["a line in pieces", ["a", "b", "\nc"], ["ab", "c"]],
    ["a character in pieces", [Buffer.from([0xc3]), Buffer.from([0xa9, 0x0a])], ["é"]],
    ["line ends of Windows", ["a\r\nb\r\n"], ["a", "b"]],
    ["empty lines", ["\n\na\n"], ["", "", "a"]],
    ["nothing", [], []],
  ])("are found in %s", async (_, chunks, lines) => {
    expect(await linesOf(chunks)).toEqual(lines);
  });

  it("are cut where they have no end", async () => {
    const lines = await linesOf(["x".repeat(200_000)]);
    expect(lines.join("")).toHaveLength(200_000);
    expect(Math.max(...lines.map((line) => line.length))).toBe(64 * 1024);
  });
});

describe("the log of an attempt", () => {
  it("has time, stream and text of every line", () => {
    const log = new AttemptLog(
      () => 0,
      () => {},
    );
    log.add("stdout", "hello");
    log.add("stderr", "oh");
    expect(log.close()).toBe(
      '{"time":"1970-01-01T00:00:00.000Z","stream":"stdout","line":"hello"}\n' +
        '{"time":"1970-01-01T00:00:00.000Z","stream":"stderr","line":"oh"}\n',
    );
  });

  it("of a flood is bounded, and says how much is missing", () => {
    const log = new AttemptLog(
      () => 0,
      () => {},
    );
    for (let n = 0; n < 100_000; n++) log.add("stdout", "x".repeat(100));
    const text = log.close();
    expect(text.length).toBeLessThan(4.1 * 1024 * 1024);
    expect(text).toMatch(/… \d+ more lines were not kept"}\n$/);
  });
});
