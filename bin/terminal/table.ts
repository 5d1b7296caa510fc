import { printableLine } from "./printable.ts";
import type { Style, Terminal } from "./terminal.ts";
import { cut, width } from "./width.ts";

/** A column of a table: its text is somebody else's and is escaped. */
export interface Column<Item> {
  title: string;
  text: (item: Item) => string | number | undefined;
  style?: (item: Item) => Style | undefined;
  isRight?: boolean;
  /** Whether it gives way where the terminal is narrow. */
  isFlexible?: boolean;
}

const GAP = "  ";
const MIN_FLEXIBLE = 12;

/** Returns the lines of a table, with its titles first. Columns that are empty in every row are left out. */
export function table<Item>(
  all: readonly Column<Item>[],
  items: readonly Item[],
  { columns: available, style }: Pick<Terminal, "columns" | "style">,
): string[] {
  const textOf = ({ text }: Column<Item>, item: Item) => printableLine(String(text(item) ?? ""));
  const columns = all.filter((column) => items.some((item) => textOf(column, item) !== ""));
  const widths = columns.map((column) =>
    Math.max(width(column.title), ...items.map((item) => width(textOf(column, item)))),
  );
  narrow(columns, widths, available);
  const cell = (text: string, index: number, isLast: boolean, kind: Style | undefined) => {
    const shown = cut(text, widths[index] ?? 0);
    const padding = " ".repeat((widths[index] ?? 0) - width(shown));
    const styled = kind === undefined || shown === "" ? shown : style(kind, shown);
    if (columns[index]?.isRight) return padding + styled;
    return isLast ? styled : styled + padding;
  };
  const row = (texts: string[], kind: (index: number) => Style | undefined) =>
    texts.map((text, index) => cell(text, index, index === texts.length - 1, kind(index))).join(GAP);
  return [
    row(
      columns.map(({ title }) => title),
      () => "dim",
    ),
    ...items.map((item) =>
      row(
        columns.map((column) => textOf(column, item)),
        (index) => columns[index]?.style?.(item),
      ),
    ),
  ];
}

// The flexible ones share what is too much, the widest first.
function narrow<Item>(columns: readonly Column<Item>[], widths: number[], available: number): void {
  const total = () => widths.reduce((sum, one) => sum + one + GAP.length, -GAP.length);
  while (total() > available) {
    let widest = -1;
    for (const [index, { isFlexible }] of columns.entries()) {
      const columnWidth = widths[index] ?? 0;
      if (isFlexible && columnWidth > Math.max(MIN_FLEXIBLE, widths[widest] ?? 0)) widest = index;
    }
    if (widest === -1) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}
