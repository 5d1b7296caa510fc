import type { State } from "@/lib/imports";

const LABELS: Record<State, string> = {
  created: "Waiting",
  started: "Running",
  succeed: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
  aborting: "Stopping",
  aborted: "Stopped",
  discarded: "Expired",
};

/** Tells whether a state can still change. */
export function isPending(state: State): boolean {
  return state === "created" || state === "started" || state === "aborting";
}

export function StateBadge({ state }: { state: State }) {
  return <span className={`badge ${state}`}>{LABELS[state]}</span>;
}
