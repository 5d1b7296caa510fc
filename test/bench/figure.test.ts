import { describe, expect, it } from "vitest";
import { distribution } from "../../bench/figure.ts";
import { table } from "../../bench/table.ts";

describe("a distribution", () => {
  it("names samples by nearest rank, in whatever order they come", () => {
    const samples = Array.from({ length: 150 }, (_, index) => 150 - index);
    expect(distribution("late", "ms", samples)).toEqual({
      name: "late",
      unit: "ms",
      n: 150,
      min: 1,
      median: 75,
      p99: 149,
      max: 150,
    });
  });

  it("of one sample is that sample", () => {
    expect(distribution("late", "ms", [7])).toMatchObject({ min: 7, median: 7, p99: 7, max: 7 });
  });

  it("of no samples is none", () => {
    expect(() => distribution("late", "ms", [])).toThrow("no samples");
  });
});

describe("the table", () => {
  it("has a line for each row, with a column for each name and unit", () => {
    const text = table([
      { row: "immediate", name: "write units", unit: "", value: 14, n: 20 },
      { row: "immediate", name: "a million", unit: "$", value: 12.345, n: 20 },
      { row: "cancel", name: "write units", unit: "", value: 3, n: 10 },
      { row: "cancel", ...distribution("time", "ms", [3, 1, 2]) },
    ]);
    expect(text.split("\n")).toEqual([
      "           write units  a million ($)  median time (ms)",
      "immediate           14          12.35",
      "cancel               3                                2",
    ]);
  });

  it("shows what has no row in a line of its own", () => {
    const text = table([distribution("late", "ms", [1, 2, 3]), { name: "throughput", unit: "/s", value: 1_500, n: 1 }]);
    expect(text.split("\n")).toEqual([
      "            value  unit  n  min  median  p99  max",
      "late                 ms  3    1       2    3    3",
      "throughput  1,500    /s  1",
    ]);
  });
});
