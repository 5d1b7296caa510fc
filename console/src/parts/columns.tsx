import type { ReactNode } from "react";
import type { Execution } from "../api/types.ts";
import { formatDuration } from "../ui/duration.ts";
import { keptStore } from "../ui/kept.ts";
import { useNow } from "../ui/now.ts";
import { Time } from "../ui/time.tsx";

export interface Column {
  id: string;
  label: string;
  /** For `grid-template-columns`. */
  width: string;
  cell: (execution: Execution) => ReactNode;
}

/** Columns that can be chosen; state and function always stand before them. */
export const columns: readonly Column[] = [
  { id: "due", label: "Due", width: "6rem", cell: ({ scheduled_at }) => <Time at={scheduled_at} /> },
  { id: "waited", label: "Waited", width: "5rem", cell: (execution) => <Waited execution={execution} /> },
  { id: "ran", label: "Ran", width: "5rem", cell: (execution) => <Ran execution={execution} /> },
  { id: "attempt", label: "Attempt", width: "3.75rem", cell: ({ attempt }) => attempt },
  {
    id: "metadata",
    label: "Metadata",
    width: "minmax(9rem, 1.6fr)",
    cell: ({ metadata }) => <Chips metadata={metadata} />,
  },
  { id: "error", label: "Error code", width: "5.5rem", cell: ({ error_code }) => error_code ?? "" },
  { id: "schedule", label: "Schedule", width: "8rem", cell: ({ schedule_name }) => schedule_name ?? "" },
  { id: "compute", label: "Runs on", width: "5.5rem", cell: ({ compute }) => computeNames[compute] },
  { id: "created", label: "Created", width: "6.5rem", cell: ({ created_at }) => <Time at={created_at} /> },
  { id: "id", label: "Id", width: "19rem", cell: ({ id }) => <span className="font-mono text-xs">{id}</span> },
];

const computeNames: Readonly<Record<Execution["compute"], string>> = { lambda: "Lambda", fargate: "Fargate" };

const DEFAULT = ["due", "waited", "ran", "attempt", "metadata"];

/** Ids of the columns that are shown. */
export const shownColumns = keptStore<readonly string[]>("epoque.columns", (kept) =>
  Array.isArray(kept) ? columns.map(({ id }) => id).filter((id) => kept.includes(id)) : DEFAULT,
);

/** Time between due and start, so far. */
export function Waited({ execution: { scheduled_at, started_at, finished_at } }: { execution: Execution }) {
  const now = useNow();
  const end = started_at ?? finished_at;
  const ms = (end === undefined ? now : Date.parse(end)) - Date.parse(scheduled_at);
  return ms <= 0 ? "–" : formatDuration(ms);
}

/** Time between start and end, so far. */
export function Ran({ execution: { started_at, finished_at } }: { execution: Execution }) {
  const now = useNow();
  if (started_at === undefined) return "–";
  return formatDuration((finished_at === undefined ? now : Date.parse(finished_at)) - Date.parse(started_at));
}

/** Metadata as small labels. */
export function Chips({ metadata }: { metadata: Execution["metadata"] }) {
  return (
    <span className="fade-right flex w-full min-w-0 gap-1 overflow-hidden">
      {Object.entries(metadata).map(([key, value]) => (
        <span
          key={key}
          title={`${key}: ${value}`}
          className="max-w-44 shrink-0 truncate rounded-md bg-sunken px-1.5 py-0.5 text-xs text-muted"
        >
          {key} <span className="text-text">{value}</span>
        </span>
      ))}
    </span>
  );
}
