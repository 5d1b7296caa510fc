import type { Figure } from "./figure.ts";

/** Figures as a table for people: those with a row in one of rows and columns, then the others a line each. */
export function table(figures: readonly Figure[]): string {
  const rows = Map.groupBy(figures, ({ row }) => row);
  const single = rows.get(undefined) ?? [];
  rows.delete(undefined);
  return [...grid(rows as Map<string, Figure[]>), ...lines(single)].join("\n");
}

/** Shows the median of a distribution; the other figures are in the JSON. */
function grid(rows: Map<string, Figure[]>): string[] {
  if (rows.size === 0) return [];
  const columns = [...new Set([...rows.values()].flat().map(title))];
  const cell = (figures: Figure[], column: string) => {
    const figure = figures.find((it) => title(it) === column);
    if (figure === undefined) return "";
    return number("value" in figure ? figure.value : figure.median);
  };
  const body = [...rows].map(([row, figures]) => [row, ...columns.map((column) => cell(figures, column))]);
  return aligned([["", ...columns], ...body]);
}

function title(figure: Figure): string {
  const unit = figure.unit === figure.name || figure.unit === "" ? "" : ` (${figure.unit})`;
  return `${"value" in figure ? "" : "median "}${figure.name}${unit}`;
}

function lines(figures: readonly Figure[]): string[] {
  if (figures.length === 0) return [];
  const body = figures.map((figure) => {
    const { name, unit, n } = figure;
    if ("value" in figure) return [name, number(figure.value), unit, String(n), "", "", "", ""];
    return [name, "", unit, String(n), ...[figure.min, figure.median, figure.p99, figure.max].map(number)];
  });
  return aligned([["", "value", "unit", "n", "min", "median", "p99", "max"], ...body]);
}

/** The first column to the left, the others to the right. */
function aligned(cells: readonly (readonly string[])[]): string[] {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

function number(value: number): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 4;
  return value.toLocaleString("en-US", { minimumFractionDigits: 0, maximumFractionDigits: digits });
}
