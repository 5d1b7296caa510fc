import { Link } from "@tanstack/react-router";
import type { Execution } from "../api/types.ts";
import { Ran } from "../parts/columns.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Time } from "../ui/time.tsx";

/** An execution in a line of its own: a link to it. */
export function ExecutionLine({ execution }: { execution: Execution }) {
  return (
    <Link
      to="/executions/$id"
      params={{ id: execution.id }}
      className="flex min-w-0 flex-1 items-center gap-3 rounded-lg px-2 py-1.5 hover:bg-sunken"
    >
      <StateBadge state={execution.state} />
      <span className="min-w-0 truncate font-medium">{execution.function_name}</span>
      <span className="font-mono text-xs text-muted max-sm:hidden">{execution.id.slice(-6)}</span>
      <span className="ml-auto text-xs whitespace-nowrap text-muted tabular">
        <Ran execution={execution} /> · <Time at={execution.created_at} />
      </span>
    </Link>
  );
}
