import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { prices } from "../../bench/prices.ts";

it("every price is in docs/aws-limits.md, with its source, and no other figure", async () => {
  const page = await readFile("docs/aws-limits.md", "utf-8");
  const [, table = ""] = /\n## Prices\n[^|]+((?:\|.*\n)+)/.exec(page) ?? [];
  const [, , ...rows] = table
    .trimEnd()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  expect(rows.filter(([, , , source = ""]) => !/^the same|\]\(https:/.test(source))).toEqual([]);
  const figure = new Intl.NumberFormat("en-US", { maximumFractionDigits: 12 });
  expect(rows.map(([, unit, price]) => [unit, price])).toEqual(
    Object.values(prices).map(({ unit, dollars, per }) => [
      unit,
      `$${figure.format(dollars)} per ${figure.format(per)}`,
    ]),
  );
});
