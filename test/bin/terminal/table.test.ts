import { describe, expect, it } from "vitest";
import { progressBar } from "../../../bin/terminal/progress-bar.ts";
import { sparkline } from "../../../bin/terminal/sparkline.ts";
import { type Column, table } from "../../../bin/terminal/table.ts";
import { cut, width } from "../../../bin/terminal/width.ts";

interface Item {
  id: number;
  text: string;
}

const columns: Column<Item>[] = [
  { title: "ID", text: ({ id }) => id, isRight: true },
  { title: "EMPTY", text: () => undefined },
  { title: "TEXT", text: ({ text }) => text, isFlexible: true, style: ({ id }) => (id > 9 ? "red" : undefined) },
  { title: "END", text: () => "x" },
];
const style = (kind: unknown, text: string) => `<${String(kind)}>${text}</>`;
const plain = (_: unknown, text: string) => text;

describe("a table", () => {
  it("aligns its columns, leaves out empty ones, and styles without shifting", () => {
    const items = [
      { id: 9, text: "ab" },
      { id: 10, text: "a" },
    ];
    expect(table(columns, items, { columns: 80, style: plain })).toEqual([
      "ID  TEXT  END",
      " 9  ab    x",
      "10  a     x",
    ]);
    expect(table(columns, items, { columns: 80, style })[2]).toBe("10  <red>a</>     x");
  });

  it("narrows what is flexible to the terminal", () => {
    const lines = table(columns, [{ id: 1, text: "x".repeat(100) }], { columns: 30, style: plain });
    expect(lines.map(width)).toEqual([30, 28]);
    expect(lines[1]).toContain("…");
  });

  it("keeps a row in a line, whatever is in it", () => {
    const lines = table(columns, [{ id: 1, text: "a\nb\r\u001b[2J" }], { columns: 80, style: plain });
    expect(lines[1]).toBe(" 1  a\\nb\\x0d\\x1b[2J  x");
  });
});

describe("a width", () => {
  it.each([
    ["abc", 3],
    ["日本", 4],
    ["👍🏽", 2],
    ["e\u0301", 1],
    ["\u200d", 0],
  ])("of %j is %i", (text, columnCount) => expect(width(text)).toBe(columnCount));

  it("is not exceeded by a text that is cut", () => {
    expect(cut("日本語", 4)).toBe("日…");
    expect(cut("日本", 4)).toBe("日本");
  });
});

describe("a sparkline", () => {
  it("has a bar for each of the last 24 hours", () => {
    const at = (hour: number, count: number) => ({ hour: new Date(hour * 3_600_000).toISOString(), count });
    const hours = [at(75, 9), at(76, 8), at(77, 1), at(99, 4)];
    expect(sparkline(hours, 99.5 * 3_600_000)).toBe(`█▁${"·".repeat(21)}▄`);
    expect(sparkline([], 0)).toBe("·".repeat(24));
  });
});

describe("a progress bar", () => {
  it("shows how far and how fast", () => {
    const lines: string[] = [];
    let nowMs = 0;
    const bar = progressBar({ redraw: (line) => void lines.push(line) }, "rerun", () => nowMs);
    nowMs = 10_000;
    bar.update(1_250, 5_000);
    bar.end();
    expect(lines).toEqual([`rerun  ${"█".repeat(6)}${"░".repeat(18)}  25%  1,250/5,000  125/s`, ""]);
  });
});
