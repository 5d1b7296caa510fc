import type { State } from "../api/types.ts";
import { classes } from "./classes.ts";

/** Each state as people call it, with its colour. */
export const stateLooks: Readonly<Record<State, { label: string; badge: string; dot: string }>> = {
  created: { label: "Waiting", badge: "bg-wait-soft text-wait", dot: "bg-wait" },
  started: { label: "Running", badge: "bg-busy-soft text-busy", dot: "bg-busy motion-safe:animate-pulse-dot" },
  succeed: { label: "Succeeded", badge: "bg-good-soft text-good", dot: "bg-good" },
  failed: { label: "Failed", badge: "bg-bad-soft text-bad", dot: "bg-bad" },
  aborting: { label: "Aborting", badge: "bg-wait-soft text-wait", dot: "bg-wait motion-safe:animate-pulse-dot" },
  aborted: { label: "Aborted", badge: "bg-idle-soft text-idle", dot: "bg-idle" },
  cancelled: { label: "Cancelled", badge: "bg-idle-soft text-idle", dot: "bg-idle" },
  discarded: { label: "Discarded", badge: "bg-idle-soft text-idle", dot: "bg-idle" },
};

export const allStates = Object.keys(stateLooks) as readonly State[];

export function StateBadge({ state, className }: { state: State; className?: string }) {
  const { label, badge, dot } = stateLooks[state];
  return (
    <span
      className={classes(
        "inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium whitespace-nowrap",
        badge,
        className,
      )}
    >
      <span className={classes("size-1.5 rounded-full", dot)} aria-hidden="true" />
      {label}
    </span>
  );
}
