import type { Hour } from "../parts/hours.ts";
import { classes } from "../ui/classes.ts";

/** A bar for each of the last 24 hours. */
export function HourBars({ hours }: { hours: readonly Hour[] }) {
  const max = Math.max(1, ...hours.map(({ count }) => count));
  const total = hours.reduce((sum, { count }) => sum + count, 0);
  const text = `${total.toLocaleString()} in the last 24 hours, at most ${max.toLocaleString()} in one of them`;
  return (
    <div>
      <div role="img" aria-label={text} title={text} className="flex h-10 items-end gap-[3px]">
        {hours.map(({ startMs, count }) => (
          <span
            key={startMs}
            className={classes("w-1.5 flex-1 rounded-sm md:w-2", count > 0 ? "bg-bad" : "bg-line")}
            style={{ height: count > 0 ? `${Math.max(12, (count / max) * 100)}%` : "2px" }}
          />
        ))}
      </div>
      <div aria-hidden="true" className="mt-1 flex justify-between text-[11px] text-muted tabular">
        <span>24 h ago</span>
        <span className="font-medium text-text">{total.toLocaleString()} in 24 h</span>
        <span>now</span>
      </div>
    </div>
  );
}
