import type { Execution, State } from "../api/types.ts";
import { classes } from "../ui/classes.ts";
import { formatDuration } from "../ui/duration.ts";
import { useNow } from "../ui/now.ts";
import { waterfallOf } from "./waterfall-model.ts";

const barColors: Readonly<Record<State, string>> = {
  created: "bg-wait",
  started: "bg-busy",
  aborting: "bg-wait",
  succeed: "bg-good",
  failed: "bg-bad",
  aborted: "bg-idle",
  cancelled: "bg-idle",
  discarded: "bg-idle",
};

/** The time that each attempt waited and ran, on one axis. An attempt can be chosen: the tabs below show it. */
export function Waterfall({
  attempts,
  chosen,
  onChoose,
}: {
  /** Oldest first. */
  attempts: readonly Execution[];
  chosen: number;
  onChoose: (attempt: number) => void;
}) {
  const now = useNow();
  const { bars, marks } = waterfallOf(attempts, now);
  // Nothing is due yet, or it was cancelled before.
  if (bars.every(({ waiting, running }) => waiting === undefined && running === undefined)) return null;
  return (
    <section aria-label="Attempts" className="rounded-xl border border-line bg-surface shadow-card">
      <div className="flex items-center gap-4 px-4 pt-3 text-xs text-muted">
        <h2 className="text-sm font-semibold text-text">Attempts</h2>
        <span className="flex items-center gap-1.5">
          <span className="hatched h-2.5 w-4 rounded-sm bg-wait-soft opacity-80" aria-hidden="true" /> waiting
        </span>
        <span className="flex items-center gap-1.5">
          <span className="flex h-2.5 w-5 overflow-hidden rounded-sm" aria-hidden="true">
            <span className="flex-1 bg-good" />
            <span className="flex-1 bg-bad" />
          </span>{" "}
          running
        </span>
      </div>
      <div className="px-2 py-2">
        {attempts.map((attempt, index) => {
          const bar = bars[index];
          if (bar === undefined) return null;
          const number = attempt.attempt;
          const ran = bar.ranMs === undefined ? "not started" : `ran ${formatDuration(bar.ranMs)}`;
          const text = `waited ${formatDuration(bar.waitedMs)}, ${ran}`;
          return (
            <button
              key={attempt.id}
              type="button"
              aria-pressed={number === chosen}
              onClick={() => onChoose(number)}
              className={classes(
                "grid w-full grid-cols-[1.5rem_1fr_auto] items-center gap-x-3 rounded-lg px-2 py-1.5 text-left md:grid-cols-[6rem_1fr_11rem]",
                number === chosen ? "bg-sunken" : "hover:bg-sunken",
              )}
            >
              <span className="truncate text-xs font-medium">
                <span className="max-md:sr-only">Attempt </span>
                {number}
              </span>
              <span className="relative h-5 rounded bg-sunken">
                {bar.waiting && (
                  <span
                    className="hatched absolute inset-y-1 rounded-sm bg-wait-soft opacity-80"
                    style={{ left: `${bar.waiting.left}%`, width: `max(2px, ${bar.waiting.width}%)` }}
                  />
                )}
                {bar.running && (
                  <span
                    className={classes(
                      "absolute inset-y-0.5 rounded-sm",
                      barColors[attempt.state],
                      attempt.state === "started" && "motion-safe:animate-pulse-dot",
                    )}
                    style={{ left: `min(${bar.running.left}%, 100% - 4px)`, width: `max(4px, ${bar.running.width}%)` }}
                  />
                )}
              </span>
              <span className="text-right text-xs text-muted tabular max-md:sr-only">{text}</span>
              <span className="text-right text-xs text-muted tabular md:hidden">
                {bar.ranMs === undefined ? "–" : formatDuration(bar.ranMs)}
              </span>
            </button>
          );
        })}
        <div aria-hidden="true" className="grid grid-cols-[1.5rem_1fr_auto] gap-x-3 px-2 md:grid-cols-[6rem_1fr_11rem]">
          <span />
          <span className="relative h-5 border-t border-line text-[11px] text-muted tabular">
            {marks.map(({ left, ms }) => (
              <span
                key={ms}
                className={classes(
                  "absolute top-1 whitespace-nowrap",
                  left > 92 ? "-translate-x-full" : left > 0 && "-translate-x-1/2",
                )}
                style={{ left: `${left}%` }}
              >
                {ms === 0 ? "0" : formatDuration(ms)}
              </span>
            ))}
          </span>
          <span className="w-12 md:w-auto" />
        </div>
      </div>
    </section>
  );
}
