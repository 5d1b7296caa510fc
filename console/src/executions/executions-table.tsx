import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp } from "lucide-react";
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import type { Execution } from "../api/types.ts";
import { Chips, columns, Ran, shownColumns } from "../parts/columns.tsx";
import { useShortcuts } from "../shell/shortcuts.ts";
import { useStore } from "../state/store.ts";
import { Button } from "../ui/button.tsx";
import { classes } from "../ui/classes.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { Time } from "../ui/time.tsx";
import { useIsNarrow } from "../ui/use-media.ts";

export interface ExecutionsTableProps {
  rows: readonly Execution[];
  selected: ReadonlySet<string>;
  onSelect: (ids: readonly string[], isSelected: boolean) => void;
  /** Acts on the row that J and K have reached. */
  shortcuts: Readonly<Record<string, (execution: Execution) => void>>;
  /** The last row has come into view. */
  onEnd: () => void;
  canSelect: boolean;
}

const ROW = { wide: 44, narrow: 74 };

/** The rows of a list that may be long: only those in view are in the page. */
export function ExecutionsTable({ rows: all, selected, onSelect, shortcuts, onEnd, canSelect }: ExecutionsTableProps) {
  const isNarrow = useIsNarrow();
  const shown = useStore(shownColumns);
  const visible = columns.filter(({ id }) => shown.includes(id));
  const { rows, newer, showNewer } = useHeldBack(all);
  const [current, setCurrent] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (isNarrow ? ROW.narrow : ROW.wide),
    overscan: 8,
    scrollMargin: margin,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the estimate depends on it
  useEffect(() => virtual.measure(), [isNarrow, virtual]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  const reachEnd = useEffectEvent(onEnd);
  useEffect(() => {
    if (last >= rows.length - 1) reachEnd();
  }, [last, rows.length]);

  const at = rows.findIndex(({ id }) => id === current);
  const move = (by: number) => {
    const next = Math.min(Math.max(at + by, 0), rows.length - 1);
    const row = rows[next];
    if (row === undefined) return;
    setCurrent(row.id);
    virtual.scrollToIndex(next, { align: "auto" });
    // Where focus is, a screen reader reads.
    requestAnimationFrame(() => document.getElementById(`row-${row.id}`)?.focus({ preventScroll: true }));
  };
  const here = rows[at];
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    x: here && canSelect ? () => onSelect([here.id], !selected.has(here.id)) : undefined,
    ...Object.fromEntries(Object.entries(shortcuts).map(([key, act]) => [key, here && (() => act(here))])),
  });

  const template = isNarrow
    ? "6.75rem 1fr auto"
    : `${canSelect ? "1.75rem " : ""}7.25rem minmax(10rem, 1.2fr) ${visible.map(({ width }) => width).join(" ")}`;
  const areAllSelected = rows.length > 0 && rows.every(({ id }) => selected.has(id));
  return (
    <div
      role="table"
      aria-label="Executions"
      aria-rowcount={rows.length + 1}
      className="relative min-w-0 border-y border-line bg-surface md:mx-6 md:rounded-xl md:border"
    >
      <div role="rowgroup" className="sticky top-12 z-10 hidden md:top-0 md:block">
        <div
          role="row"
          style={{ gridTemplateColumns: template }}
          className="grid h-9 items-center gap-3 rounded-t-xl border-b border-line bg-sunken px-4 text-xs font-medium text-muted"
        >
          {canSelect && (
            <span role="columnheader" className="flex">
              <input
                type="checkbox"
                aria-label="Select all that are loaded"
                checked={areAllSelected}
                onChange={(event) =>
                  onSelect(
                    rows.map(({ id }) => id),
                    event.target.checked,
                  )
                }
                className="size-4 accent-accent"
              />
            </span>
          )}
          {[{ id: "state", label: "State" }, { id: "function", label: "Function" }, ...visible].map(({ id, label }) => (
            <span role="columnheader" key={id} className="truncate">
              {label}
            </span>
          ))}
        </div>
      </div>
      {newer > 0 && (
        <div className="sticky top-14 z-20 flex h-0 justify-center md:top-11">
          <Button kind="primary" onClick={showNewer} className="rounded-full shadow-float">
            <ArrowUp className="size-4" aria-hidden="true" /> {newer} new
          </Button>
        </div>
      )}
      <div ref={list} role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start, size, key }) => {
          const execution = rows[index];
          if (execution === undefined) return null;
          const isCurrent = execution.id === current;
          return (
            <div
              role="row"
              key={key}
              aria-rowindex={index + 2}
              aria-selected={selected.has(execution.id)}
              style={{ gridTemplateColumns: template, height: size, transform: `translateY(${start - margin}px)` }}
              className={classes(
                "absolute inset-x-0 top-0 grid items-center gap-x-3 border-b border-line px-4 last:border-b-0",
                "hover:bg-sunken has-[a:focus-visible]:bg-accent-soft",
                isCurrent &&
                  "bg-accent-soft before:absolute before:inset-y-0 before:left-0 before:w-1 before:bg-accent",
                selected.has(execution.id) && "bg-accent-soft",
              )}
            >
              {isNarrow ? (
                <NarrowRow execution={execution} />
              ) : (
                <>
                  {canSelect && (
                    <span role="cell" className="z-[1] flex">
                      <input
                        type="checkbox"
                        aria-label={`Select ${execution.id}`}
                        checked={selected.has(execution.id)}
                        onChange={(event) => onSelect([execution.id], event.target.checked)}
                        className="size-4 accent-accent"
                      />
                    </span>
                  )}
                  <span role="cell">
                    <StateBadge state={execution.state} />
                  </span>
                  <span role="cell" className="flex min-w-0 items-baseline gap-2">
                    <RowLink execution={execution} />
                    <span className="shrink-0 font-mono text-xs text-muted">{execution.id.slice(-6)}</span>
                  </span>
                  {visible.map(({ id, cell }) => (
                    <span role="cell" key={id} className="min-w-0 truncate text-muted tabular">
                      {cell(execution)}
                    </span>
                  ))}
                </>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The link of a row, which covers all of it. */
function RowLink({ execution: { id, function_name } }: { execution: Execution }) {
  return (
    <Link
      id={`row-${id}`}
      to="/executions/$id"
      params={{ id }}
      className="min-w-0 truncate font-medium outline-none after:absolute after:inset-0"
    >
      {function_name}
    </Link>
  );
}

function NarrowRow({ execution }: { execution: Execution }) {
  const { state, metadata, scheduled_at, id } = execution;
  return (
    <>
      <span role="cell">
        <StateBadge state={state} />
      </span>
      <span role="cell" className="flex min-w-0">
        <RowLink execution={execution} />
      </span>
      <span role="cell" className="text-right text-xs text-muted">
        <Time at={scheduled_at} />
      </span>
      <span role="cell" className="col-span-2 flex min-w-0 items-center gap-2 text-xs text-muted">
        <span className="shrink-0 font-mono">{id.slice(-6)}</span>
        <Chips metadata={metadata} />
      </span>
      <span role="cell" className="text-right text-xs text-muted tabular">
        <Ran execution={execution} />
      </span>
    </>
  );
}

const TOP = 40;

/** Holds new rows back while somebody reads further down, so that nothing moves under the finger. */
function useHeldBack(all: readonly Execution[]) {
  const [first, setFirst] = useState<string>();
  const newest = all[0]?.id;
  useEffect(() => {
    const onScroll = () => {
      if (scrollY <= TOP) setFirst(undefined);
      else setFirst((held) => held ?? newest);
    };
    addEventListener("scroll", onScroll, { passive: true });
    return () => removeEventListener("scroll", onScroll);
  }, [newest]);
  const rows = first === undefined ? all : all.filter(({ id }) => id <= first);
  return { rows, newer: all.length - rows.length, showNewer: () => scrollTo({ top: 0 }) };
}
